"""
The pages of the reference: what a snapshot can say, and what an expression can call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.facts.field_reference import TITLES, provenance
from auditor.facts.types import PERIOD
from auditor.language.attestation import ATTESTATION
from auditor.language.function_reference import BUILT_IN_NOTES, MACRO_NOTES, MACROS_ABOUT
from auditor.reporters.docs.addresses import FUNCTIONS
from auditor.reporters.docs.elements import (
    Badge,
    Block,
    Code,
    Entry,
    Line,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    prose,
)
from auditor.reporters.docs.places import ALWAYS, anchor, macro_anchor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditor.facts.field_reference import Entity, FieldRow
    from auditor.language.registry import Example, Library
    from auditor.reporters.docs.material import Material
    from auditor.reporters.docs.places import Places

_FIELD_HEAD: Final = ("Field", "Type", "What it says", "Key left out", "At an earlier instant")
_HOW_TO_READ: Final = (
    (
        "Type",
        (
            "`or none`: the value may be null, which says that it is known that there is none. An id names the list"
            " that it is an id of. An instant that is known to the day only is written as a bare day."
        ),
    ),
    (
        "Key left out",
        (
            "`unknown`: nobody knows, and a verdict that needs the fact is inconclusive. A value: leaving the key out"
            " says the same as writing it. `not allowed`: the key must be there."
        ),
    ),
    (
        "At an earlier instant",
        (
            "What becomes of the field when a snapshot is judged as of an instant before it was captured; nothing is"
            " said where it stays as it is."
        ),
    ),
)


def fields_page(target: str, material: Material, places: Places) -> Page:
    """Return the page of the fields of one kind of snapshot."""
    here = places.fields_page(target)
    told = places.entities[target]
    about = material.schemas[target]["description"].partition(" Annotations:")[0]
    rows = tuple(Row(((name,), prose(text))) for name, text in _HOW_TO_READ)
    has_own = any(row.is_own for entity in told for row in entity.rows)
    blocks: list[Block] = [Paragraph(prose(about), is_lead=True)]
    if has_own:
        blocks.append(
            Paragraph(
                ("Fields of the organisation's own, from its profile, are marked ", _OWN, ".")
            )
        )
    blocks.append(
        Section(
            "How to read the tables",
            "how-to-read",
            (Table(("Column", "Meaning"), rows, "Columns"),),
        )
    )
    seen: set[str] = set()
    blocks += [_entity(entity, places, seen) for entity in told]
    beside, fields = provenance(material.schemas["project"])
    blocks.append(
        Section(
            "prov of every record",
            "prov",
            (Paragraph(prose(beside)), _table("prov", fields, places, seen)),
        )
    )
    return Page(
        here,
        f"Fields of a snapshot: {TITLES[target].lower()}",
        "Reference",
        tuple(blocks),
        entries=tuple(_field_entries(here, told)),
    )


_OWN: Final = Badge("own", "open")


def _field_entries(here: str, told: Sequence[Entity]) -> Iterator[Entry]:
    for entity in told:
        yield Entry(
            f"field of {entity.target}", entity.name, entity.about, here, anchor(entity.name)
        )
        for row in entity.rows:
            if not row.same_as:
                own = "own field: " if row.is_own else ""
                title = f"{entity.name}.{row.path}"
                yield Entry(
                    f"field of {entity.target}", title, own + row.about, here, anchor(row.key)
                )


def _entity(entity: Entity, places: Places, seen: set[str]) -> Section:
    blocks: list[Block] = []
    if entity.record is None:
        kind = f"{entity.type[:1].upper()}{entity.type[1:]}."
        blocks.append(Paragraph((*prose(entity.about), " ", *prose(kind))))
    else:
        blocks.append(Paragraph(prose(entity.record)))
    if entity.same_as:
        link = Link(entity.same_as, *places.heading(entity.same_as))
        blocks.append(Paragraph(("The fields are those of ", link, ".")))
    elif entity.rows:
        blocks.append(_table(entity.name, entity.rows, places, seen))
    own = any(row.is_own for row in entity.rows)
    return Section(entity.name, anchor(entity.name), tuple(blocks), (_OWN,) if own else ())


def _table(name: str, rows: Sequence[FieldRow], places: Places, seen: set[str]) -> Table:
    made = []
    for row in rows:
        if row.same_as:
            link = Link(row.same_as, *places.heading(row.same_as))
            made.append(Row(((Code(row.path),), ("as in ", link), (), (), ())))
            continue
        # A record that is held twice is told twice; the first place is the one that others lead to.
        place = "" if row.key in seen else anchor(row.key)
        seen.add(row.key)
        own: Line = (" ", _OWN) if row.is_own else ()
        made.append(
            Row(
                (
                    (Code(row.path), *own),
                    prose(row.type),
                    prose(row.about),
                    prose(row.left_out),
                    prose(row.cut),
                ),
                place,
            )
        )
    return Table(_FIELD_HEAD, tuple(made), f"Fields of {name}")


def functions_page(libraries: Sequence[Library]) -> Page:
    """Return the page of everything that an expression can call."""
    rows = tuple(
        Row(
            (prose(note.forms), prose(note.gives), prose(note.about), _shown(note.example)),
            macro_anchor(note),
        )
        for note in MACRO_NOTES
    )
    blocks: list[Block] = [
        Paragraph(
            (
                "Every example here is run as a test. A type with ",
                Code("?"),
                " may be null; ",
                Code("T"),
                " is any type.",
            ),
            is_lead=True,
        ),
        Section("Names", "names", (_names(),)),
        Section(
            "Macros",
            "macros",
            (
                Paragraph(prose(MACROS_ABOUT)),
                Table(("Macro", "Gives", "Note", "Example"), rows, "Macros"),
            ),
        ),
        Section(
            "Beside the libraries",
            "beside",
            (
                Table(
                    ("Form", "Gives", "Note"),
                    tuple(
                        Row((prose(note.forms), (note.gives,), prose(note.about)))
                        for note in BUILT_IN_NOTES
                    ),
                    "Forms",
                ),
            ),
        ),
    ]
    seen: set[str] = set()
    blocks += [_library(library, seen) for library in libraries]
    return Page(
        FUNCTIONS,
        "What an expression can call",
        "Reference",
        tuple(blocks),
        entries=tuple(_function_entries(libraries)),
    )


def _names() -> Table:
    """Return the names that expressions have beside the facts of a snapshot."""
    about: dict[str, Line] = {
        "as_of": ("The judged instant.",),
        "period": (
            "The period of the audit. Functions that give weeks, months or quarters give such, too.",
        ),
        "params": ("The policy's parameters, with the values that are in force.",),
        "attestation": (
            "Of a policy that a person vouches for: the word that is in force; null where there is none.",
        ),
    }
    fields = {
        f"{record.name}.{name}": prose(f"{field.about} Type: `{field.type}`.")
        for record in (PERIOD, ATTESTATION)
        for name, field in record.fields.items()
    }
    rows = tuple(
        Row(((Code(name),), told), anchor("name", name)) for name, told in (about | fields).items()
    )
    return Table(("Name", "What it is"), rows, "Names")


def _library(library: Library, seen: set[str]) -> Section:
    rows = []
    for entry in library.overloads:
        place = anchor("function", entry.name)
        rows.append(
            Row(
                (
                    (Code(" ".join(entry.signature.split())),),
                    (str(entry.cost),),
                    prose(entry.about),
                    _shown(entry.examples[0]) if entry.examples else (),
                ),
                "" if place in seen else place,
            )
        )
        seen.add(place)
    table = Table(("Signature", "Cost", "What it does", "Example"), tuple(rows), library.name)
    about = (Paragraph(prose(library.about)),) if library.about else ()
    return Section(library.name, anchor("library", library.name), (*about, table))


def _shown(example: Example) -> Line:
    return (
        Code(" ".join(example.expression.split())),
        " is ",
        Code(" ".join(example.equals.split())),
    )


def _function_entries(libraries: Sequence[Library]) -> Iterator[Entry]:
    for name in ALWAYS:
        yield Entry("name", name, "in every expression", FUNCTIONS, anchor("name", name))
    for note in MACRO_NOTES:
        forms = note.forms.replace("`", "")
        yield Entry("macro", forms, note.about, FUNCTIONS, macro_anchor(note))
    for form in BUILT_IN_NOTES:
        yield Entry("function", form.forms.replace("`", ""), form.about, FUNCTIONS, "beside")
    for library in libraries:
        for entry in library.overloads:
            place = anchor("function", entry.name)
            yield Entry(
                "function", " ".join(entry.signature.split()), entry.about, FUNCTIONS, place
            )
