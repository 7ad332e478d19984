"""Small files in the three layouts of FINESS."""

import json

HEADER = "finess;etalab;111;2026-05-12\n"


def classic_row(finess: str, name: str, long: str = "", town: str = "01440 VIRIAT") -> str:
    """One row of the classic extract, without its line end."""
    fields = [
        *("structureet", finess, "010780054", name, long, "", "", "900", "RTE", "DE PARIS", "", ""),
        *("451", "01", "AIN", town, "0474454647", "0474454114", "355", "Centre Hospitalier (C.H.)"),
        *("1102", "Centres Hospitaliers", "26010004500012", "8610Z", "03", "ARS", "1", "Public"),
        *("1979-02-13", "1979-02-13", "2020-02-04", ""),
    ]
    return ";".join(fields)


CLASSIC = (
    HEADER
    + classic_row("010000024", "CH DE FLEYRIAT", "CENTRE HOSPITALIER DE BOURG-EN-BRESSE FLEYRIAT")
    + "\n"
    + classic_row("980501506", '"LIEU DE VIE ""MAVOUNA MEMA 1"""')
    + "\n"
    + classic_row("970300026", "CENTRE HOSPITALIER DE CAYENNE", town="97306 CAYENNE CEDEX").replace(
        ";900;RTE;DE PARIS;", ";;AV;ALEXIS BLAISE;"
    )
    + "\n"
)


def _place(finess: str, name: str, state: object) -> dict[str, object]:
    return {
        "informationsGeneralesEGE": {"nomEgeCourt": name, "numFinessEge": finess},
        "categorieentiteGeographiqueExercice": "365",
        "adresse": [
            {
                "ligneQuatre": "62 AVENUE DE JASSERON",
                "codePostal": "01000",
                "ligneAcheminement": "BOURG EN BRESSE CEDEX 2",
            }
        ],
        "contact": [{"telecom": {"telephone": "0428631234"}}],
        "etatObjet": state,
    }


PLUS = {
    "schemaVersion": "v1.0.0",
    "generatedAt": "2026-03-09T15:49:37.615611300Z",
    "gcc": [],
    "gco": [],
    "pmej": [
        {"informationsGeneralesPMEJ": {"numFinessPm": "010000016"}, "ege": []},
        {
            "informationsGeneralesPMEJ": {"numFinessPm": "010000156"},
            "ege": [
                _place("010780195", "CLINIQUE DOCTEUR CONVERT", "A"),
                _place("010000032", "FERMÉE", {"code": "I"}),
            ],
        },
    ],
}
_ORGANIZATION = {
    "resourceType": "Organization",
    "active": True,
    "name": "CH DE FLEYRIAT",
    "identifier": [
        {"type": {"coding": [{"code": "FINEG"}]}, "value": "010000024"},
        {"system": "http://sirene.fr", "value": "26010004500012"},
    ],
    "type": [
        {
            "coding": [
                {
                    "system": "http://finess.sante.gouv.fr/valuesets/CAT_ETAB",
                    "code": "355",
                    "display": "Centre Hospitalier (C.H.)",
                }
            ]
        }
    ],
    "address": [{"city": "VIRIAT", "line": ["900 RTE DE PARIS"], "postalCode": "01440"}],
    "telecom": [{"system": "phone", "value": "0474454647"}],
}
_LEGAL_ENTITY = {
    **_ORGANIZATION,
    "identifier": [{"type": {"coding": [{"code": "FINEJ"}]}, "value": "010780054"}],
}
_LOCATION = {"resourceType": "Location", "position": {"latitude": 46.2, "longitude": 5.2}}
FHIR = "".join(json.dumps(one) + "\n" for one in (_ORGANIZATION, _LEGAL_ENTITY, _LOCATION))
