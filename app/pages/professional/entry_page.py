"""A page of one kind of entry: the form beside the history of what was entered."""

from typing import Any

import reflex as rx

from app.components.form import error_summary
from app.components.markup import Child
from app.components.panel import columns, page_head
from app.components.patient_banner import Section
from app.pages.professional.entry_parts import entry_form, history_panel, treatment_filter
from app.pages.professional.patient_frame import patient_page


def entry_page(
    section: Section,
    title: str,
    state: Any,
    *own_fields: Child,
    what: str,
    correct: Any,
    own_filter: Child = None,
    is_narrowed: Any = None,
    above: Child = None,
) -> rx.Component:
    """The whole page. `state`: that of the kind of entry; `what`: « de tolérance », when there is none yet.

    `own_filter`: one beside that of the treatment, and `is_narrowed` when it is in use; `above`: a sheet over both.
    """
    is_filtered = state.filter_treatment != ""
    return patient_page(
        section,
        error_summary(),
        page_head(title, lead=state.lead),
        *([] if above is None else [above]),
        columns(
            entry_form(section, *own_fields, on_submit=state.submit),
            history_panel(
                treatment_filter(state.choose_treatment),
                *([] if own_filter is None else [own_filter]),
                on_correct=correct,
                what=what,
                clear=f"{state.banner.base}/{section}",
                is_filtered=is_filtered if is_narrowed is None else is_filtered | is_narrowed,
            ),
            shape="tol",
        ),
    )
