"""Every table with a site in it, protected by row-level security (PostgreSQL)."""

from django.db import migrations

from trellis.records.access.row_security import protect, unprotect


TABLES = [
    "people_parent",
    "people_child",
    "people_childidentifier",
    "people_pregnancy",
    "people_dyad",
    "care_carelink",
    "care_episode",
    "consent_directive",
    "clinical_encounter",
    "clinical_addendum",
    "clinical_measurement",
    "clinical_immunization",
    "clinical_condition",
    "immunization_registryforecast",
    "groups_cohort",
    "groups_cohortmember",
    "groups_groupsession",
    "groups_sessionstaff",
    "groups_sessionvaccine",
    "groups_place",
    "groups_makeup",
    "imports_importrun",
    "imports_importchange",
    "imports_reviewitem",
    "imports_columnmapping",
]


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("care", "0001_initial"),
        ("consent", "0001_initial"),
        ("clinical", "0001_initial"),
        ("immunization", "0001_initial"),
        ("groups", "0001_initial"),
        ("imports", "0001_initial"),
    ]
    operations = [migrations.RunPython(protect(TABLES), unprotect(TABLES))]
