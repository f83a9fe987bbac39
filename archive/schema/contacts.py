"""Contacts of articles: units and persons, their phone numbers and e-mail addresses."""

from __future__ import annotations

from archive.schema.tables import ARTICLE, ID, C, Table

CONTACTS: tuple[Table, ...] = (
    Table(
        "contacts",
        "One unit or person that an article gives for asking.",
        (
            ID,
            C("article_id", ARTICLE, "The article."),
            C("position", "INTEGER NOT NULL", "Place in the order of appearance, from 1."),
            C(
                "organization",
                "TEXT",
                "Ministry, agency or company as the text prints it; empty where it prints none.",
            ),
            C(
                "organization_id",
                "INTEGER REFERENCES organizations(id)",
                "The ministry or agency that this was at that date.",
            ),
            C(
                "organization_by",
                "TEXT",
                "printed when the text names it; published when it is that of the publishing ministry.",
            ),
            C("department", "TEXT", "The rest of the unit's path, as printed."),
            C("role", "TEXT", "책임자, 담당자 or 문의, as printed for the person."),
            C("person", "TEXT", "Name."),
            C("rank", "TEXT", "Rank or office, e.g. 과장."),
            C("mark", "TEXT", "총괄, 공동 or 협조 of the row."),
            C("evidence", "TEXT NOT NULL", "The snippet of text that says so."),
            C(
                "evidence_start",
                "INTEGER NOT NULL",
                "Where the snippet begins in the text, in characters from 0.",
            ),
            C(
                "attachment_id",
                "INTEGER REFERENCES attachments(id) ON DELETE SET NULL",
                "The attachment that holds it; empty for the body.",
            ),
            C(
                "owner_by",
                "TEXT CHECK (owner_by IN ('printed', 'grid', 'clause', 'scope', 'none'))",
                "How it is known whose the numbers are: printed beside them, in a grid (a table or block), in the"
                " same clause, from the scope (heading, list, lines around), or none.",
            ),
            C("owner_score", "REAL", "How sure that is, from 0 to 1; with none, that nobody is named."),
        ),
        constraints=("UNIQUE (article_id, position)",),
        indexes=(
            "CREATE INDEX contacts_organization ON contacts(organization_id)",
            "CREATE INDEX contacts_department ON contacts(department)",
            "CREATE INDEX contacts_person ON contacts(person)",
            "CREATE INDEX contacts_unresolved ON contacts(organization) WHERE organization_id IS NULL",
        ),
        title="Contacts",
    ),
    Table(
        "contact_points",
        "One phone number, fax number or e-mail address of a contact.",
        (
            ID,
            C("contact_id", "INTEGER NOT NULL REFERENCES contacts(id) ON DELETE CASCADE", "The contact."),
            C("kind", "TEXT NOT NULL CHECK (kind IN ('phone', 'fax', 'email'))", "phone, fax or email."),
            C("printed", "TEXT NOT NULL", "Digits with hyphens, or the e-mail address."),
            C("e164", "TEXT", "The number in international form; empty for short numbers."),
            C("extension", "TEXT", "The extension (내선) to dial after it, as printed."),
        ),
        constraints=("UNIQUE (contact_id, kind, printed)",),
        indexes=(
            "CREATE INDEX contact_points_printed ON contact_points(printed)",
            "CREATE INDEX contact_points_ending ON contact_points(substr(printed, -4))",
        ),
        title="Phone numbers and e-mail addresses",
    ),
)
