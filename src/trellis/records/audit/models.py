from django.db import models


class AuditEntry(models.Model):
    """One thing one person did or saw. Written once, never changed; keys only.

    ``previous`` is the hash of the entry before, ``own`` the keyed hash over it and
    this entry's content (trellis.records.audit.chain).
    """

    sequence = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # None: nobody signed in
    role = models.CharField(max_length=30)
    purpose = models.CharField(max_length=10)
    action = models.CharField(max_length=60)
    site_ids = models.JSONField()
    subjects = models.JSONField()  # sorted keys of patients, as text
    detail = models.JSONField()  # classes, views and reasons; identifiers only
    previous = models.CharField(max_length=64)
    own = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["previous"], name="one_entry_follows_an_entry"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="audit_at")]

    def __str__(self) -> str:
        return f"{self.action} at {self.at:%Y-%m-%d %H:%M}"
