"""Dates as a calendar file. Its title and place are neutral; it names nobody."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from trellis.records.groups.cohorts.queries import CohortCalendar


def cohort_calendar_file(dates: CohortCalendar, title: str, *, at: datetime) -> bytes:
    """RFC 5545 text of the dates, each entry with a key of its own."""
    calendar = Calendar()
    calendar.add("prodid", "-//Family Health//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    where = ", ".join(part for part in (dates.neutral_name, dates.place) if part)
    for one in dates.dates:
        event = Event()
        event.add("uid", f"{one.session_id}@appointments.invalid")
        event.add("dtstamp", at)
        event.add("dtstart", one.starts)
        event.add("dtend", one.ends)
        event.add("summary", title)
        event.add("location", where)
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
