"""What each address needs, and what the matrix says of it: the table of the walk.

The matrix is asked through the second, plain decision engine of tests/alternatives,
which shares only the table of cells with the product. A route that is not named here
fails the walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from tests import factories as make
from tests.alternatives import consent_naive
from tests.alternatives.consent_examples import a_request
from tests.factories import NINE, PROGRAMME, TODAY, user_id_of
from tests.world import BY_LINK, ON_THE_TEAM
from trellis.core.access.permissions import permissions_of
from trellis.core.access.viewer import Permission
from trellis.core.access.vocabulary import DataClass, Duty, Role
from trellis.records.accounts.queries import PURPOSE_OF_ROLE


PARENT, CHILD, SITE = "parent", "child", "site"
ORIGIN = {PARENT: "part2", CHILD: "hipaa", SITE: "hipaa"}
IDENTITY, CHART = DataClass.CHILD_IDENTITY, DataClass.CHILD_WELLCHILD
ADULT, PROGRAMME_RECORD = DataClass.ADULT_IDENTITY, DataClass.PROGRAMME_RECORD
ATTENDANCE, RECORD = DataClass.COHORT_ATTENDANCE, DataClass.GROUP_RECORD
LINK = DataClass.DYAD_LINK


@dataclass(frozen=True)
class Need:
    """One class of somebody's rows, for one action; ``whole``: no view is enough."""

    data_class: DataClass
    whose: str
    action: str = "read"
    whole: bool = False
    narrow: str = ""

    def is_met(self, role: Role) -> bool:
        answer = _decided(role, self)
        if answer["effect"] == "DENY":
            return False
        view = answer["view_name"]
        if view is None:
            return True
        if self.action in {"write", "sign"}:
            return self.narrow in view.split("+")
        return not self.whole


@dataclass(frozen=True)
class Rule:
    """A route is open where every need is met and the permission is held.

    ``any_of``: one of these is enough. ``body`` is what a form would send. ``shown``:
    whoever reads this knows that the record exists, also where the act is not open.
    """

    needs: tuple[Need, ...] = ()
    any_of: tuple[Need, ...] = ()
    permission: Permission | None = None
    arguments: dict[str, str] = field(default_factory=dict)
    body: dict[str, object] | None = None
    shown: tuple[Need, ...] = ()
    is_of_record: bool = True
    only: frozenset[Role] = frozenset(Role)

    def is_known(self, role: Role) -> bool:
        return bool(self.shown) and all(need.is_met(role) for need in self.shown)

    def is_open(self, role: Role) -> bool:
        if role not in self.only:
            return False
        duties = frozenset({Duty.PRIVACY_OFFICER} if role is Role.DIRECTOR else ())
        if self.permission and self.permission not in permissions_of(role, duties):
            return False
        if self.any_of and not any(need.is_met(role) for need in self.any_of):
            return False
        return all(need.is_met(role) for need in self.needs)


def _decided(role: Role, need: Need) -> dict[str, object]:
    facts = {
        "programme_side": role in make.PROGRAMME_ROLES,
        "own_site": True,
        "own_programme": role in make.PROGRAMME_ROLES,
        "site_tz": "America/New_York",
    }
    is_team = role in ON_THE_TEAM or role in BY_LINK
    if role in {Role.DIRECTOR, Role.COORDINATOR}:
        facts["site_ops"] = True
    elif role is Role.FACILITATOR:
        facts["own_session"] = {"session_id": "s", "on": f"{TODAY}"}
    elif is_team:
        facts["care_team"] = True
        facts["integrated_unit"] = {
            "id": "1",
            "programme_org": str(PROGRAMME),
            "unit": "paediatrics",
            "from": "2024-01-01",
            "until": None,
        }
    relationship = "care_team" if is_team else "same_site"
    if role is Role.PARENT:
        is_own = need.whose == PARENT
        relationship = "self" if is_own else "proxy"
        facts |= {"own_care": True} if is_own else {"guardian": "representative"}
    if need.whose == SITE:
        facts.pop("care_team", None)
        facts.pop("site_ops", None)
        relationship = "proxy" if role is Role.PARENT else "same_site"
    line = a_request(
        role.value,
        need.data_class.value,
        actor={
            "id": str(user_id_of(role)),
            "org": str(PROGRAMME),
            "unit": "paediatrics",
            "medical_personnel": role in make.LICENSED,
            "duties": ["privacy_officer"] if role is Role.DIRECTOR else [],
        },
        relationship=relationship,
        purpose=PURPOSE_OF_ROLE.get(role, "TREAT"),
        action=need.action,
        origin=ORIGIN[need.whose],
        origin_org=str(PROGRAMME),
        author_org=str(PROGRAMME),
        at=NINE.isoformat(),
        facts=facts,
    )
    return consent_naive.answer(line)


def whole(data_class: DataClass, whose: str) -> Need:
    return Need(data_class, whose, whole=True)


def writing(data_class: DataClass, whose: str, narrow: str = "") -> Need:
    return Need(data_class, whose, action="write", narrow=narrow)


READ_CHART = (Need(IDENTITY, CHILD), whole(CHART, CHILD))
WRITE_CHART = (Need(IDENTITY, CHILD), writing(CHART, CHILD))
SIGN_CHART = (*WRITE_CHART, Need(CHART, CHILD, action="sign"))
EXPORT_CHART = (
    *READ_CHART,
    Need(IDENTITY, CHILD, action="export"),
    Need(CHART, CHILD, action="export"),
)
ON_THE_LIST = (Need(ATTENDANCE, PARENT),)
SEE_GROUP = (Need(RECORD, SITE),)
PLAN = Permission.GROUPS_COHORT_PLAN
VISIT = {"encounter_id": "encounter"}
SIGNED = {"encounter_id": "signed_encounter"}
SESSION = {"session_id": "session"}
COHORT = {"cohort_id": "cohort"}
KEY = str(uuid4())
REASON = {"reason": "Entered for another child"}
MEASURED = {
    "weight_kg": "5.3",
    "position": "l",
    **{f"key_{kind}": str(uuid4()) for kind in ("weight", "length", "head")},
}
ROOM = {"on": f"{TODAY}", "starts": "09:00", "ends": "11:00", "room": "Room 2"}
NEW = {"key": KEY, "name": "Tuesday Wrens", "language": "en", "places": "8"}
DOSE = {
    "dose-key": KEY,
    "dose-born_confirmed": f"{TODAY - make.timedelta(days=65)}",
    "dose-name_confirmed": "on",
    "dose-lot_laid_out": "other",
    "dose-product": "146-MSP-vaxelis",
    "dose-lot": "L1",
    "dose-expires_on": f"{TODAY + make.timedelta(days=90)}",
    "dose-body_site": "LT",
    "dose-funding": "V02",
    "dose-vaccinator_name": "Jo Field",
}
LAID_OUT = {
    "key": KEY,
    "product": "146-MSP-vaxelis",
    "lot": "L2",
    "expires_on": f"{TODAY + make.timedelta(days=90)}",
}
MARK_ARRIVAL = (writing(ATTENDANCE, PARENT, "MARK_ARRIVAL"),)
WRITE_RECORD = (writing(RECORD, SITE),)
# who plans the session, and who may give the dose
LAYS_OUT = frozenset({Role.COORDINATOR}) | {
    role for role in Role if writing(CHART, SITE).is_met(role)
}
WRITE_PLACE = (writing(ATTENDANCE, PARENT),)
PLACE = {**SESSION, "place_id": "place"}

LEGAL = DataClass.CPS_CUSTODY_LEGAL
SEE_PARENT = (Need(ADULT, PARENT),)
SEE_PAIR = (Need(LINK, PARENT),)
WRITE_CHILD = (writing(IDENTITY, CHILD),)
WRITE_LINK = (writing(LINK, PARENT),)
WRITE_LEGAL = (writing(LEGAL, PARENT),)
WRITE_ADULT = (writing(ADULT, PARENT),)
WRITE_PROGRAMME = (writing(PROGRAMME_RECORD, PARENT),)
ADD_CHILD = (*WRITE_CHILD, *WRITE_LINK)
CONTACTS = (
    writing(ADULT, PARENT, "OWN_CONTACT"),
    writing(DataClass.SAFE_ADDRESS, PARENT, "EDIT_REACH_VIA"),
)
DYAD, OF_PARENT = {"dyad_id": "dyad"}, {"parent_id": "parent"}
UPLOADER = frozenset({Role.COORDINATOR})  # whoever chose the file decides about it
RUN, CHECKED = {"run_id": "run"}, {"run_id": "checked_run"}

RULES: dict[str, Rule] = {
    # today and account
    "GET today:today": Rule(),
    "POST today:tour": Rule(body={"step": "2"}),
    "POST accounts:switch-role": Rule(body={"membership": "held"}),
    "GET access:trail": Rule(),
    # charts
    "GET clinical:sign": Rule(permission=Permission.CLINICAL_ENCOUNTER_SIGN),
    "POST clinical:sign-opened": Rule(
        permission=Permission.CLINICAL_ENCOUNTER_SIGN, body={"visit": "encounter"}
    ),
    "GET clinical:visit": Rule(READ_CHART, arguments=VISIT),
    "GET clinical:live": Rule(READ_CHART, arguments=VISIT),
    "POST clinical:measure": Rule(
        WRITE_CHART, shown=READ_CHART, arguments=VISIT, body=MEASURED
    ),
    "GET clinical:new-dose": Rule(READ_CHART, arguments=VISIT),
    "POST clinical:dose": Rule(
        WRITE_CHART, shown=READ_CHART, arguments=VISIT, body=DOSE
    ),
    "POST clinical:note": Rule(
        WRITE_CHART,
        shown=READ_CHART,
        arguments=VISIT,
        body={"version": "1", "history": "Well."},
    ),
    "POST clinical:addendum": Rule(
        WRITE_CHART,
        shown=READ_CHART,
        arguments=SIGNED,
        body={"key": KEY, "text": "Seen again."},
    ),
    "GET clinical:in-error": Rule(READ_CHART, arguments=VISIT),
    "POST clinical:in-error": Rule(
        WRITE_CHART, shown=READ_CHART, arguments=VISIT, body=REASON
    ),
    "GET clinical:summary": Rule(EXPORT_CHART, arguments={**SIGNED, "language": "=en"}),
    "GET clinical:void-dose": Rule(READ_CHART, arguments={**VISIT, "dose_id": "dose"}),
    "POST clinical:void-dose": Rule(
        WRITE_CHART,
        shown=READ_CHART,
        arguments={**VISIT, "dose_id": "dose"},
        body=REASON,
    ),
    "GET clinical:strike-out": Rule(
        READ_CHART, arguments={**VISIT, "measurement_id": "measurement"}
    ),
    "POST clinical:strike-out": Rule(
        WRITE_CHART,
        shown=READ_CHART,
        arguments={**VISIT, "measurement_id": "measurement"},
        body=REASON,
    ),
    # a part of the chart's page; empty, and the same for all, where nothing is open
    "GET clinical:registry": Rule(arguments={"child_id": "child"}, is_of_record=False),
    "GET clinical:chart": Rule(READ_CHART, arguments={"child_id": "child"}),
    "POST clinical:begin": Rule(
        WRITE_CHART,
        shown=READ_CHART,
        arguments={"child_id": "child"},
        body={"key": KEY},
    ),
    # groups: lists
    "GET groups:sessions": Rule(),
    "GET groups:cohorts": Rule(),
    "GET groups:make-ups": Rule(),
    # groups: cohorts
    "GET groups:new-cohort": Rule(permission=PLAN),
    "POST groups:new-cohort": Rule(permission=PLAN, body=NEW),
    "GET groups:cohort": Rule(SEE_GROUP, arguments=COHORT),
    "GET groups:change-cohort": Rule(permission=PLAN, arguments=COHORT),
    "POST groups:change-cohort": Rule(
        permission=PLAN, arguments=COHORT, body={**NEW, "version": "1"}
    ),
    "POST groups:close-cohort": Rule(
        permission=PLAN, arguments=COHORT, body={"version": "1"}
    ),
    "GET groups:members": Rule(permission=PLAN, arguments=COHORT),
    "POST groups:members": Rule(
        permission=PLAN, arguments=COHORT, body={"dyad": "dyad"}
    ),
    "POST groups:leave": Rule(
        permission=PLAN, arguments={**COHORT, "dyad_id": "dyad"}, body={}
    ),
    "GET groups:plan": Rule(permission=PLAN, arguments=COHORT),
    "POST groups:plan": Rule(
        permission=PLAN,
        arguments=COHORT,
        body={"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"},
    ),
    "GET groups:calendar": Rule(SEE_GROUP, arguments=COHORT),
    # groups: a session
    "GET groups:session": Rule(SEE_GROUP, arguments=SESSION),
    "GET groups:live": Rule(SEE_GROUP, arguments=SESSION),
    "GET groups:prepare": Rule(SEE_GROUP, arguments=SESSION),
    "GET groups:run-sheet": Rule(SEE_GROUP, arguments=SESSION),
    "GET groups:count": Rule(
        (*SEE_GROUP, Need(ATTENDANCE, PARENT)),
        arguments=SESSION,
        only=frozenset(Role) - {Role.PARENT},
    ),
    "POST groups:mark": Rule(
        MARK_ARRIVAL,
        arguments=PLACE,
        body={"version": "1", "mark": "late"},
        shown=ON_THE_LIST,
    ),
    "POST groups:agreement": Rule(
        WRITE_PLACE,
        arguments=PLACE,
        body={"version": "1", "has_agreement": "on"},
        shown=ON_THE_LIST,
    ),
    "POST groups:begin-visit": Rule(
        MARK_ARRIVAL, arguments={"place_id": "place"}, body={}, shown=ON_THE_LIST
    ),
    "POST groups:circle": Rule(
        WRITE_RECORD, arguments=SESSION, body={"version": "1", "text": "Sleep."}
    ),
    "POST groups:open": Rule(WRITE_RECORD, arguments=SESSION, body={}),
    "GET groups:close": Rule(
        permission=Permission.GROUPS_SESSION_CLOSE, arguments=SESSION
    ),
    "POST groups:close": Rule(
        permission=Permission.GROUPS_SESSION_CLOSE,
        arguments=SESSION,
        body={"version": "1"},
    ),
    "POST groups:lay-out": Rule(
        only=LAYS_OUT, arguments=SESSION, body=LAID_OUT, shown=SEE_GROUP
    ),
    "POST groups:put-away": Rule(
        only=LAYS_OUT,
        arguments={**SESSION, "vaccine_id": "vaccine"},
        body={},
        shown=SEE_GROUP,
    ),
    "GET groups:team": Rule(permission=PLAN, arguments=SESSION),
    "POST groups:team": Rule(permission=PLAN, arguments=SESSION, body={}),
    "GET groups:move": Rule(permission=PLAN, arguments=SESSION),
    "POST groups:move": Rule(
        permission=PLAN, arguments=SESSION, body={**ROOM, "version": "1"}
    ),
    "POST groups:cancel": Rule(permission=PLAN, arguments=SESSION, body={"version": 1}),
    "GET groups:expect": Rule(permission=PLAN, arguments=SESSION),
    "POST groups:expect": Rule(permission=PLAN, arguments=SESSION, body={}),
    "POST groups:stop-expecting": Rule(
        WRITE_PLACE,
        arguments={**SESSION, "dyad_id": "absent_dyad"},
        body={},
        shown=ON_THE_LIST,
    ),
    "GET groups:place": Rule(permission=PLAN, arguments=DYAD),
    "POST groups:place": Rule(permission=PLAN, arguments=DYAD, body={}),
    "POST groups:note-make-up": Rule(
        (writing(PROGRAMME_RECORD, PARENT, "MARK_TASK"),),
        arguments={"make_up_id": "make_up"},
        body={"version": "1", "state": "booked"},
        shown=(Need(PROGRAMME_RECORD, PARENT),),
    ),
    # people; a form sent empty comes back to whoever may see it, with what is missing
    "GET people:find": Rule(),
    "GET people:register": Rule(),
    "POST people:register": Rule(body={}),
    "GET people:dyad": Rule(SEE_PAIR, arguments=DYAD),
    "GET people:parent": Rule(SEE_PARENT, arguments=OF_PARENT),
    "GET people:edit-child": Rule(WRITE_CHILD, arguments=DYAD, shown=SEE_PAIR),
    "POST people:edit-child": Rule(
        WRITE_CHILD, arguments=DYAD, body={}, shown=SEE_PAIR
    ),
    "GET people:link-caregiver": Rule(SEE_PAIR, arguments=DYAD),
    "POST people:link-caregiver": Rule(SEE_PAIR, arguments=DYAD, body={}),
    "GET people:authority": Rule(WRITE_LEGAL, arguments=DYAD, shown=SEE_PAIR),
    "POST people:authority": Rule(WRITE_LEGAL, arguments=DYAD, body={}, shown=SEE_PAIR),
    "GET people:end-dyad": Rule(WRITE_LINK, arguments=DYAD, shown=SEE_PAIR),
    "POST people:end-dyad": Rule(WRITE_LINK, arguments=DYAD, body={}, shown=SEE_PAIR),
    "GET people:edit-parent": Rule(WRITE_ADULT, arguments=OF_PARENT, shown=SEE_PARENT),
    "POST people:edit-parent": Rule(
        WRITE_ADULT, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:edit-contact": Rule(
        any_of=CONTACTS, arguments=OF_PARENT, shown=SEE_PARENT
    ),
    "POST people:edit-contact": Rule(
        any_of=CONTACTS, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:add-child": Rule(ADD_CHILD, arguments=OF_PARENT, shown=SEE_PARENT),
    "POST people:add-child": Rule(
        ADD_CHILD, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:pregnancy": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT
    ),
    "POST people:pregnancy": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:stage": Rule(WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT),
    "POST people:stage": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:care-team": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT
    ),
    "POST people:care-team": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "POST people:end-care-link": Rule(
        WRITE_PROGRAMME,
        arguments={**OF_PARENT, "link_id": "care_link"},
        body={},
        shown=SEE_PARENT,
    ),
    "GET people:episode": Rule(WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT),
    "GET people:enrol": Rule(WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT),
    "POST people:enrol": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:end-episode": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT
    ),
    "POST people:end-episode": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:open-episode": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, shown=SEE_PARENT
    ),
    "POST people:open-episode": Rule(
        WRITE_PROGRAMME, arguments=OF_PARENT, body={}, shown=SEE_PARENT
    ),
    "GET people:link-registered": Rule(WRITE_LINK, arguments=DYAD, shown=SEE_PAIR),
    "POST people:link-registered": Rule(
        WRITE_LINK, arguments=DYAD, body={}, shown=SEE_PAIR
    ),
    # imports
    "GET imports:list": Rule(),
    "GET imports:new": Rule(),
    "POST imports:new": Rule(body={}),
    "GET imports:template": Rule(arguments={"form": "=csv"}, is_of_record=False),
    "GET imports:reviews": Rule(),
    "POST imports:decide": Rule(
        arguments={"item_id": "review"}, body={"answer": "different"}
    ),
    "GET imports:run": Rule(arguments=RUN),
    "GET imports:undo": Rule(arguments=RUN),
    "POST imports:undo": Rule(arguments=RUN, body={}, only=UPLOADER),
    "POST imports:confirm": Rule(arguments=CHECKED, body={}, only=UPLOADER),
    "GET imports:mapping": Rule(arguments=CHECKED, only=UPLOADER),
    "POST imports:mapping": Rule(arguments=CHECKED, body={}, only=UPLOADER),
    "POST imports:discard": Rule(arguments=CHECKED, body={}, only=UPLOADER),
}
