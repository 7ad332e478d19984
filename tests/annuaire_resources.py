"""FHIR resources in the form the ANS directory gives them."""

from typing import Any

_STREET = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP"
_STRUCTURE, _FINESS = "urn:oid:1.2.250.1.71.4.2.2", "https://finess.esante.gouv.fr"
_NOS = "https://mos.esante.gouv.fr/NOS"
PRACTITIONER: dict[str, Any] = {
    "resourceType": "Practitioner",
    "id": "334081DP",
    "identifier": [
        {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810003461033"},
        {"system": "https://rpps.esante.gouv.fr", "value": "10003461033"},
    ],
    "active": True,
    "name": [{"use": "usual", "family": "Saucier", "given": ["Arthur"], "prefix": ["M"]}],
    "qualification": [
        {"code": {"coding": [{"system": f"{_NOS}/TRE_R48-DiplomeEtatFrancais", "code": "DE05"}]}},
        {"code": {"coding": [{"system": f"{_NOS}/TRE_G15-ProfessionSante/FHIR", "code": "10"}]}},
    ],
}
ROLE: dict[str, Any] = {
    "resourceType": "PractitionerRole",
    "id": "1578230DP",
    "practitioner": {"reference": "Practitioner/334081"},
    "organization": {"reference": "Organization/158480"},
}
ORGANIZATION: dict[str, Any] = {
    "resourceType": "Organization",
    "id": "158480DP",
    "identifier": [
        {"type": {"coding": [{"code": "IDNST"}]}, "system": _STRUCTURE, "value": "1754567860"},
        {"type": {"coding": [{"code": "FINEG"}]}, "system": _FINESS, "value": "754567860"},
    ],
    "name": "CH EURE-SEINE",
    "address": [
        {
            "_line": [
                {
                    "extension": [
                        {"url": f"{_STREET}-houseNumber", "valueString": "96"},
                        {"url": f"{_STREET}-streetNameType", "valueString": "R"},
                        {"url": f"{_STREET}-streetNameBase", "valueString": "DIDOT"},
                    ]
                }
            ],
            "city": "PARIS",
            "postalCode": "75014",
        }
    ],
}  # fmt: skip


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    """A search set."""
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": resource} for resource in resources],
    }
