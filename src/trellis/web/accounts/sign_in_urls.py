"""The addresses of allauth that exist here: no sign-up, no mail, no reset by mail.

Who forgot a password asks the administrator of the site; the names are allauth's own.
"""

from __future__ import annotations

from allauth.account import views
from django.urls import path


urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),  # answers that it is closed
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    # where an account has none yet: allauth leads there from the change
    path("password/set/", views.password_set, name="account_set_password"),
]
