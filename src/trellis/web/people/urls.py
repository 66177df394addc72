"""Families, below ``/people/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from trellis.web.people import care_views, views


PARENT = "parents/<uuid:parent_id>/"
DYAD = "<uuid:dyad_id>/"

app_name = "people"
urlpatterns: list[URLPattern] = [
    path("", views.find, name="find"),
    path("register/", views.register, name="register"),
    path(DYAD, views.dyad, name="dyad"),
    path(f"{DYAD}child/", views.edit_child, name="edit-child"),
    path(f"{DYAD}caregiver/", views.link_caregiver, name="link-caregiver"),
    path(
        f"{DYAD}caregiver/registered/",
        care_views.link_registered,
        name="link-registered",
    ),
    path(f"{DYAD}authority/", views.authority, name="authority"),
    path(f"{DYAD}end/", views.end_dyad, name="end-dyad"),
    path(PARENT, views.parent, name="parent"),
    path(f"{PARENT}edit/", views.edit_parent, name="edit-parent"),
    path(f"{PARENT}contact/", views.edit_contact, name="edit-contact"),
    path(f"{PARENT}child/", views.add_child, name="add-child"),
    path(f"{PARENT}pregnancy/", views.pregnancy, name="pregnancy"),
    path(f"{PARENT}stage/", views.stage, name="stage"),
    path(f"{PARENT}team/", care_views.care_team, name="care-team"),
    path(
        f"{PARENT}team/<uuid:link_id>/end/",
        care_views.end_care_link,
        name="end-care-link",
    ),
    path(f"{PARENT}episode/", care_views.episode, name="episode"),
    path(f"{PARENT}episode/enrol/", care_views.enrol, name="enrol"),
    path(f"{PARENT}episode/end/", care_views.end_episode, name="end-episode"),
    path(f"{PARENT}episode/new/", care_views.open_episode, name="open-episode"),
]
