"""The interaction page (CX-27): the substance that was picked goes with the form."""

from app.state.interaction import InteractionState


async def test_CX28_what_was_picked_counts_before_the_page_shows_it(open_tab, circle):
    tab = open_tab(circle.doctor)
    await tab.visit(f"/patients/{circle.patient_id}/interactions")
    shown = tab.of(InteractionState)
    sent = {
        **shown.fields,
        "key": shown.form_key,
        "treatment_id": shown.followed[0].value,
        "substance_search": "clarithro",
        "level": "contraindicated",
    }
    await tab.send(InteractionState.search, typed="clarithro")
    await tab.send(InteractionState.pick, name="clarithromycine")
    await tab.send(InteractionState.submit, fields=sent)
    after = tab.of(InteractionState)
    assert after.field_errors == {}
    assert "clarithromycine" in str(after.rows[0])
