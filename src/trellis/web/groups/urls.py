"""Groups, below ``/groups/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from trellis.web.groups.views import cohorts, placing, preparing, sessions


SESSION = "<uuid:session_id>/"
COHORT = "cohorts/<uuid:cohort_id>/"
PLACE = f"{SESSION}places/<uuid:place_id>/"

app_name = "groups"
urlpatterns: list[URLPattern] = [
    path("", sessions.sessions, name="sessions"),
    path("cohorts/", cohorts.cohorts, name="cohorts"),
    path("cohorts/new/", cohorts.new_cohort, name="new-cohort"),
    path(COHORT, cohorts.cohort, name="cohort"),
    path(f"{COHORT}change/", cohorts.change_cohort, name="change-cohort"),
    path(f"{COHORT}close/", cohorts.close_cohort, name="close-cohort"),
    path(f"{COHORT}families/", cohorts.members, name="members"),
    path(f"{COHORT}families/<uuid:dyad_id>/leave/", cohorts.leave, name="leave"),
    path(f"{COHORT}plan/", cohorts.plan, name="plan"),
    path(f"{COHORT}appointments.ics", cohorts.calendar, name="calendar"),
    path("families/<uuid:dyad_id>/place/", placing.place, name="place"),
    path("make-ups/", sessions.make_ups, name="make-ups"),
    path("make-ups/<uuid:make_up_id>/", sessions.note_make_up, name="note-make-up"),
    path("places/<uuid:place_id>/visit/", sessions.begin_visit, name="begin-visit"),
    path(SESSION, sessions.session, name="session"),
    path(f"{SESSION}live/", sessions.live, name="live"),
    path(f"{SESSION}open/", sessions.open_session, name="open"),
    path(f"{PLACE}mark/", sessions.mark, name="mark"),
    path(f"{PLACE}agreement/", sessions.agreement, name="agreement"),
    path(f"{SESSION}circle/", sessions.circle, name="circle"),
    path(f"{SESSION}close/", sessions.close, name="close"),
    path(f"{SESSION}prepare/", preparing.prepare, name="prepare"),
    path(f"{SESSION}vaccines/", preparing.lay_out, name="lay-out"),
    path(
        f"{SESSION}vaccines/<uuid:vaccine_id>/put-away/",
        preparing.put_away,
        name="put-away",
    ),
    path(f"{SESSION}team/", preparing.team, name="team"),
    path(f"{SESSION}move/", preparing.move, name="move"),
    path(f"{SESSION}families/", preparing.expect, name="expect"),
    path(f"{SESSION}cancel/", preparing.cancel, name="cancel"),
    path(
        f"{SESSION}families/<uuid:dyad_id>/stop/",
        preparing.stop_expecting,
        name="stop-expecting",
    ),
    path(f"{SESSION}run-sheet/", preparing.run_sheet, name="run-sheet"),
    path(f"{SESSION}count/", preparing.count, name="count"),
]
