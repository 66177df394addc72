# ruff: noqa: C901, PLR0911 - flat on purpose, to be read beside the step table
"""A second, plain decision engine: works on the JSON itself, shares only the table.

Written from the step table of docs/privacy.md 4.3 without the engine's modules, slow
and flat on purpose. It answers effect, view, view_name, reasons and consent_ids.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trellis.core.access.cells import ROWS


TABLE = {(row[0], row[1]): (row[2], row[3], row[5]) for row in ROWS}
CONSENT = ("TPO", "SPECIFIC", "COUNSELLING")
NARROW_STOP = {"NONE", "FULL", "SIGN"}
USES = {
    "TREAT HOPERAT": "CARE_TEAM SITE_OPS INTEGRATED OWN_SESSION OWN_SITE OWN_PROGRAMME",
    "TREAT": "ADMINISTERED ADDRESS_RELEASE TOLD_BY_PATIENT",
    "TREAT HPAYMT HOPERAT": "AUTHOR AUTHOR_ORG TPO",
    "BTG": "BTG",
    "PATRQT": "SELF GUARDIAN CLINICIAN_REVIEW",
    "AUDITEVAL PATRQT HOPERAT": "PUBLISHED",
    "HOPERAT AUDITEVAL PUBHLTH": "SUPPRESSED",
    "HOPERAT AUDITEVAL": "PRIVACY_OFFICER",
    "AUDITEVAL": "AGREEMENT_2_53",
    "AUDITEVAL HRESCH PUBHLTH": "DEIDENTIFIED",
    "TREAT HPAYMT HOPERAT PATRQT HRESCH AUDITEVAL PUBHLTH BTG STAFF": (
        "SPECIFIC COUNSELLING DUAL_APPROVAL"
    ),
}
PURPOSES = {t: p.split() for p, tokens in USES.items() for t in tokens.split()}
CITATION_ORDER = [
    *CONSENT,
    "CARE_TEAM",
    "SITE_OPS",
    "INTEGRATED",
    "AUTHOR",
    "AUTHOR_ORG",
    "SELF",
    "BTG",
    "AGREEMENT_2_53",
]


def time_of(text):
    return None if text is None else datetime.fromisoformat(text)


def day_start(text, facts, plus=0):
    day = datetime.fromisoformat(text) + timedelta(days=plus)
    return day.replace(tzinfo=ZoneInfo(facts.get("site_tz") or "UTC"))


def in_days(thing, facts, at):
    until = thing.get("until")
    return day_start(thing["from"], facts) <= at and (
        until is None or at < day_start(until, facts, 1)
    )


def past(text, at):
    return text is not None and time_of(text) <= at


def alternatives(unlocked_by):
    found = []
    for alternative in [] if unlocked_by == "NONE" else unlocked_by.split("|"):
        tokens, _, view = alternative.partition(":")
        found.append((tokens.split("+"), view or None))
    return found


def receiver(line):
    return line["recipient_org"] or line["actor"]["org"]


def party_receives(party, line, participants):
    ((kind, name),) = party.items()
    actor, treating = line["actor"], line["facts"].get("treating", False)
    stays = receiver(line) == actor["org"]
    if kind == "org":
        return name == receiver(line)
    if kind == "person":
        return stays and name == actor["id"]
    if kind == "unit":
        return stays and name == actor["unit"]
    return {
        "TREATING_PROVIDERS": treating and line["purpose"] == "TREAT",
        "HEALTH_PLANS": line["purpose"] == "HPAYMT",
        "PAYERS": line["purpose"] == "HPAYMT",
        "PROGRAMME_HELPERS": line["purpose"] == "HOPERAT",
        "PARTICIPANTS_TREATING": treating and receiver(line) in participants,
    }[name]


def dead(consent, line, at):
    found = set()
    elements = "patient_name disclosers information recipients purpose right_to_revoke"
    needed = [*elements.split(), "expiry", "signature", "date"]
    if consent["kind"] == "TPO":
        needed += ["redisclosure_statement", "refusal_statement"]
    deficient = [
        not all(consent["elements"].get(name) for name in needed),
        consent["ends_at"] is None and consent["expiry_event"] is None,
        consent["signed_on"] is None or consent["signature_sha256"] is None,
        consent["kind"] in ("COUNSELLING", "LEGAL")
        and not consent["separate_document"],
        not consent["form"]["active_on_signing"],
        consent["signed_on"] is not None
        and day_start(consent["signed_on"], line["facts"]) > at,
    ]
    if any(deficient):
        found.add("CONSENT_DEFICIENT")
    if not past(consent["starts_at"], at):
        found.add("CONSENT_NOT_YET")
    if past(consent["ends_at"], at) or past(consent["expiry_event_at"], at):
        found.add("CONSENT_EXPIRED")
    if past(consent["revoked_at"], at):
        found.add("CONSENT_REVOKED")
    if past(consent["known_false_at"], at):
        found.add("CONSENT_FALSE")
    return found


def covers(consent, line):
    participants = (consent.get("intermediary") or {}).get("participants", [])
    part2 = line["origin"] != "hipaa"
    return (
        line["data_class"] in consent["data_classes"]
        and line["purpose"] in consent["purposes"]
        and any(
            d.get("org") == line["origin_org"] or (d.get("class") and part2)
            for d in consent["disclosers"]
        )
        and any(party_receives(r, line, participants) for r in consent["recipients"])
    )


def denies(scope, line, participants):
    return (
        (not scope["data_classes"] or line["data_class"] in scope["data_classes"])
        and (not scope["purposes"] or line["purpose"] in scope["purposes"])
        and (
            not scope["recipients"]
            or any(party_receives(r, line, participants) for r in scope["recipients"])
        )
    )


class Naive:
    def __init__(self, line):
        self.line, self.facts, self.actor = line, line["facts"], line["actor"]
        self.at = time_of(line["at"])
        self.mine = [
            c for c in line["consents"] if c["subject_id"] == line["subject_id"]
        ]
        self.live = [
            c for c in self.mine if not dead(c, line, self.at) and covers(c, line)
        ]
        key = (line["data_class"], self.actor["role"])
        self.default, self.unlocked_by, self.write = TABLE[key]

    def ids(self, kind):
        return sorted(c["id"] for c in self.live if c["kind"] == kind)

    def btg(self):
        b = self.line["break_glass"]
        if not b or (b["actor_id"], b["subject_id"]) != (
            self.actor["id"],
            self.line["subject_id"],
        ):
            return "NO_BASIS"
        if not past(b["opened_at"], self.at):
            return "NO_BASIS"
        if not self.actor["medical_personnel"]:
            return "BTG_NOT_MEDICAL"
        if past(b["expires_at"], self.at) or past(b["closed_at"], self.at):
            return "BTG_EXPIRED"
        since = time_of(b["unreviewed_since"])
        if since and self.at - since >= timedelta(hours=72):
            return "BTG_REVIEW_OVERDUE"
        ok = b["consent_not_obtainable"] or b["reason_type"] == "disaster_closure"
        return None if ok else "NO_BASIS"

    def programme_side(self):
        q = self.facts.get("qsoa")
        return self.facts.get("programme_side", False) or bool(
            q
            and q["org"] == self.actor["org"]
            and q["programme_org"] == self.line["origin_org"]
            and self.facts.get("service") in q["services"]
            and in_days(q, self.facts, self.at)
        )

    def true(self, token):
        if token in CONSENT:
            return bool(self.ids(token))
        if token == "BTG":
            return self.btg() is None
        outward = self.line["origin"] != "hipaa" and receiver(self.line) not in (
            self.actor["org"],
            self.line["origin_org"],
        )
        inside = "CARE_TEAM SITE_OPS INTEGRATED ADMINISTERED ADDRESS_RELEASE AUTHOR "
        inside += "AUTHOR_ORG OWN_SESSION TOLD_BY_PATIENT"
        if outward and token in inside.split():
            return False
        method = getattr(self, "is_" + token.lower(), None)
        if method:
            return method()
        return bool(self.facts.get(token.lower(), False))

    def is_care_team(self):
        inside = self.line["origin"] == "hipaa" or self.programme_side()
        return self.facts.get("care_team", False) and inside

    def is_integrated(self):
        u = self.facts.get("integrated_unit")
        return bool(
            u
            and self.facts.get("care_team")
            and u["unit"] == self.actor["unit"]
            and u["programme_org"] == self.line["origin_org"]
            and in_days(u, self.facts, self.at)
        )

    def is_administered(self):
        a = self.facts.get("administered")
        if not a or self.actor["id"] not in a["actor_ids"]:
            return False
        return not (
            past(a["disposition_at"], self.at) and past(a["signed_at"], self.at)
        )

    def is_address_release(self):
        r = self.facts.get("address_release")
        return bool(
            r
            and r["to_actor"] == self.actor["id"]
            and r["subject_id"] == self.line["subject_id"]
            and past(r["from"], self.at)
            and not past(r["until"], self.at)
        )

    def is_author(self):
        return self.facts.get("author_id") == self.actor["id"]

    def is_author_org(self):
        return self.line["author_org"] == self.actor["org"]

    def is_self(self):
        relation, data_class = self.line["relationship"], self.line["data_class"]
        if relation == "proxy" and data_class != "ipv_safety":
            ordinary = data_class in ("child_wellchild", "child_identity")
            represents = self.facts.get("guardian") == "representative"
            return self.facts.get("own_care", False) or (represents and ordinary)
        return relation == "self"

    def is_guardian(self):
        other = self.facts.get("guardian") == "other"
        return self.line["relationship"] == "proxy" and other

    def is_own_session(self):
        s = self.facts.get("own_session")
        if not s:
            return False
        starts = (
            day_start(s["from"], self.facts)
            if s.get("from")
            else day_start(s["on"], self.facts, -3)
        )
        ends = (
            day_start(s["until"], self.facts, 1)
            if s.get("until")
            else day_start(s["on"], self.facts, 4)
        )
        return starts <= self.at < ends

    def is_privacy_officer(self):
        return "privacy_officer" in self.actor["duties"]

    def is_agreement_2_53(self):
        a = self.facts.get("agreement_2_53")
        mine = bool(a) and a["org"] == self.actor["org"]
        return mine and in_days(a, self.facts, self.at)

    def is_dual_approval(self):
        given = [a for a in self.facts.get("approvals", []) if past(a["at"], self.at)]
        return len({a["by"] for a in given} - {self.actor["id"]}) >= 2

    def is_clinician_review(self):
        review = self.facts.get("clinician_review")
        return bool(review) and past(review["at"], self.at)

    def serves(self, token, view):
        purpose, staff = self.line["purpose"], self.line["data_class"]
        staff = staff == "staff_training"
        if staff and token in ("SELF", "OWN_SITE", "OWN_PROGRAMME"):
            return purpose == "STAFF"
        if token == "SUPPRESSED" and purpose == "STAFF":
            return staff
        if token == "SUPPRESSED" and purpose == "PATRQT":
            return view == "PUBLIC"
        return purpose in PURPOSES[token]

    def candidates(self):
        """(tokens, name, is it the whole class) in the order of the table."""
        all_of_cell = alternatives(self.unlocked_by)
        writes, action = self.write.split("+"), self.line["action"]
        if action not in ("write", "sign"):
            return [(t, v, v) for t, v in all_of_cell]
        read_only = (*CONSENT, "BTG")
        whole = [(t, None, v) for t, v in all_of_cell if v is None]
        whole = [c for c in whole if c[0][0] not in read_only]
        key = (self.line["data_class"], self.actor["role"])
        if key == ("group_record", "facilitator"):
            whole = [c for c in whole if c[0] == ["OWN_SESSION"]]
        narrow = [w for w in writes if w not in NARROW_STOP]
        if action == "sign":
            narrow = [w for w in narrow if w == "SIGN_SCREEN"]
            whole = whole if "SIGN" in writes else []
        if "FULL" not in writes:
            whole = []
        name = "+".join(narrow)
        return whole + [(t, name, v) for t, v in all_of_cell if narrow and t != ["BTG"]]

    def opens(self, among=None):
        good = [
            (tokens, name, view)
            for tokens, name, view in self.candidates()
            if (among is None or tokens[0] in among)
            and all(self.serves(t, view) and self.true(t) for t in tokens)
        ]
        if not good:
            return None
        name = None if any(n is None for _, n, _ in good) else good[0][1]
        view = next(v for _, n, v in good if n == name)
        same = [t[0] for t, n, v in good if n == name]
        if name is not None and self.line["action"] in ("write", "sign"):
            # A narrow write is one thing: the parts follow the order of the views.
            whole = [t[0] for t, n, v in good if n == name and v is None]
            same = whole or [t[0] for t, n, v in good if n == name and v == view]
        order = {t: i for i, t in enumerate(CITATION_ORDER)}
        consents = [t for t in same if t in CONSENT]
        return (consents or sorted(same, key=lambda t: order.get(t, 99)))[0], name

    def structural(self):
        action, kiosk = self.line["action"], self.line["env"]["kiosk"]
        policy = self.facts.get("policy")
        writes = self.write.split("+")
        if policy and past(policy["valid_until"], self.at):
            return "POLICY_EXPIRED"
        if self.unlocked_by == "NONE":
            return "ROLE_NEVER"
        if self.line["relationship"] == "other_site":
            return "WRONG_SITE"
        if kiosk and not (self.default == "O" and action in ("write", "sign")):
            return "KIOSK"
        if action == "write" and writes == ["NONE"]:
            return "ACTION_NOT_ALLOWED"
        if action == "sign" and not {"SIGN", "SIGN_SCREEN"} & set(writes):
            return "ACTION_NOT_ALLOWED"
        return None

    def bars(self):
        action, purpose = self.line["action"], self.line["purpose"]
        tombstone, pack = self.facts.get("tombstone"), self.facts.get("state_pack")
        if action == "message" and tombstone and past(tombstone["since"], self.at):
            return "TOMBSTONE"
        if purpose == "CAPTA" and not (pack and pack["active"]):
            return "PACK_INACTIVE"
        if purpose == "CAPTA":
            ends = day_start(pack["review_until"], self.facts, 1)
            if ends <= self.at:
                return "PACK_EXPIRED"
        if purpose == "LEGAL" and not self.ids("LEGAL"):
            return "LEGAL_BAR"
        if purpose == "LEGAL":
            return None
        if self.line["data_class"] == "counselling_notes":
            apart = self.default == "O" or self.true("AUTHOR")
            return None if apart or self.ids("COUNSELLING") else "COUNSELLING_BAR"
        if purpose == "AUDITEVAL" and self.line["data_class"] != "aggregates":
            apart = ("SUPPRESSED", "PUBLISHED", "DEIDENTIFIED", "PRIVACY_OFFICER")
            if not self.true("AGREEMENT_2_53") and not any(
                t in self.unlocked_by and self.true(t) for t in apart
            ):
                return "AGREEMENT_MISSING"
        return None

    def no(self):
        """The patient's own no: (reason, ids of denying consents)."""
        kinds = set()
        for r in self.facts.get("restrictions", []):
            lives = past(r["from"], self.at) and not past(r["withdrawn_at"], self.at)
            if lives and denies(r, self.line, [receiver(self.line)]):
                kinds.add(r["kind"])
        if "agreed" in kinds:
            return "RESTRICTION_AGREED", []
        ids = set()
        for c in self.mine:
            people = (c.get("intermediary") or {}).get("participants", [])
            for scope in c["denies"]:
                if past(c["starts_at"], self.at) and denies(scope, self.line, people):
                    ids.add(c["id"])
        return ("CONSENT_DENIES", sorted(ids)) if ids or kinds else None

    def outcome(self):
        if reason := self.structural():
            return reason, [], None
        among = None
        restricted = self.facts.get("restricted")
        if restricted and self.actor["id"] not in restricted["named"]:
            among = {"BTG", "SUPPRESSED"}
            if self.actor["role"] == "parent":
                among.add("SELF")
            if not self.opens(among):
                return "RESTRICTED_RECORD", [], None
        if reason := self.bars():
            return reason, [], None
        no = self.no()
        if no:
            survive = {"AUTHOR", "AUTHOR_ORG", "SELF", "SUPPRESSED", "BTG"}
            survive.add("PRIVACY_OFFICER")
            among = survive if among is None else survive & among
        if opened := self.opens(among):
            ids = self.ids(opened[0])[:1] if opened[0] in CONSENT else []
            return None, ids, opened
        if no:
            return no[0], no[1], None
        starred = self.default.endswith("*") and self.line["purpose"] == "BTG"
        if starred and self.line["action"] not in ("write", "sign"):
            return self.btg() or "NO_BASIS", [], None
        return "NO_BASIS", [], None

    def view(self, opened):
        token, name = opened
        if self.line["action"] in ("write", "sign"):
            return "write"
        kinds = {"SUPPRESSED": "aggregate", "SELF": "own"}
        return kinds.get(token, "full" if name is None else "minimum")


def answer(line):
    """The comparable part of the answer to one usable line."""
    naive = Naive(line)
    reason, ids, opened = naive.outcome()
    extra = sorted({r for c in naive.mine for r in dead(c, line, naive.at)})
    return {
        "effect": "PERMIT" if opened else "DENY",
        "view": naive.view(opened) if opened else "none",
        "view_name": opened[1] if opened else None,
        "reasons": [f"BASIS_{opened[0]}" if opened else reason, *extra],
        "consent_ids": ids,
    }
