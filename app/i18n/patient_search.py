"""Words of « Rechercher un patient » (DM-24 to DM-37)."""

from app.i18n.format import NARROW, NO_BREAK, plural

MESSAGES: dict[str, str] = {
    "patient_search.forbidden": (
        "La recherche d’un patient est réservée aux professionnels qui évaluent un traitement. Un "
        "professionnel du cercle d’un patient peut vous y ajouter."
    ),
    "patient_search.too_many": (
        "Vous avez fait 60 recherches en une heure. Attendez un moment avant la suivante."
    ),
    "patient_search.ins_missing": "Saisissez le matricule INS",
    "patient_search.card_missing": "Saisissez le numéro de la carte Vitale",
    "patient_search.name_missing": "Saisissez le nom d’usage ou de naissance",
    "patient_search.given_missing": "Saisissez le prénom",
    "patient_search.sex_missing": "Choisissez le sexe",
    "patient_search.too_short": (
        "Saisissez le nom et le prénom en entier, dont l’un compte au moins 3 lettres"
    ),
    "patient_search.birth_format": ("Saisissez une date comme 4/6/1958, ou une année comme 1958"),
    "patient_search.age": "L’âge doit être compris entre 0 et 130 ans",
    "patient_search.value_or_range": ("Saisissez une valeur exacte ou un intervalle, pas les deux"),
    "patient_search.range_half": "Saisissez les deux bornes de l’intervalle",
    "patient_search.range_reversed": "La seconde borne doit venir après la première",
    "patient_search.department": "Choisissez un département de la liste",
}

TITLE = "Rechercher un patient"
PATIENTS_TAB, SETTINGS_TAB = "Mes patients", "Paramétrages"
NO_PATIENT = "Aucun patient ne vous a autorisé à accéder à son DMP."
HINT = (
    "Sans carte Vitale ni matricule INS, vous pouvez rechercher le patient par ses critères d’identité "
    f"(nom, prénom…) avec le bouton «{NARROW}Rechercher un patient{NARROW}»."
)
INTRO = (
    "Cet accès permet de trouver le DMP d’un patient qui n’a pas sa carte Vitale, par exemple en cas "
    "d’urgence."
)
MANY = (
    f"Plus de 50 patients correspondent{NARROW}: seuls les plus proches sont affichés. Ajoutez un critère "
    "plus précis, par exemple la date de naissance."
)
NOBODY = "Aucun patient ne correspond aux critères saisis."
NOBODY_ADVICE = (
    "Vérifiez l’orthographe du nom et du prénom, essayez l’autre nom (de naissance ou d’usage), ou "
    "enlevez un critère facultatif. Un patient qui a fermé son dossier ne figure pas dans les résultats."
)
RESULTS = "Patients correspondant aux critères saisis"
ACCESS, NO_ACCESS = "Vous y avez accès", "Autorisation à demander"
ASK = "Demander l’accès"

CARE_TEAM = "Équipe de soins"


def used_name(name: str) -> str:
    """`nom utilisé : BESSON`, '' without one."""
    return f"nom utilisé{NARROW}: {name.upper()}" if name else ""


def readable(count: int, total: int) -> str:
    """`Tous les types`, `12 types sur 20`, `Aucun type`."""
    if count == total:
        return "Tous les types"
    if not count:
        return "Aucun type"
    return f"{plural(count, 'type', 'types')} sur {total}"


RIGHTS = (
    "Dans le DMP d’un patient, vous voyez les documents que la matrice d’habilitation ouvre à votre profession, "
    "vos propres dépôts, et rien de ce que le patient a masqué."
)
DELEGATE_HISTORY = "Votre historique se lit avec votre propre compte, hors délégation."


def percent(relevance: int) -> str:
    """`92 %`."""
    return f"{relevance}{NO_BREAK}%"


def found(total: int) -> str:
    """`3 patients trouvés`."""
    return plural(total, "patient trouvé", "patients trouvés")


def lead(total: int) -> str:
    """`42 patients vous ont autorisé à accéder à leur DMP`."""
    many = "patients vous ont autorisé à accéder à leur DMP"
    return plural(total, "patient vous a autorisé à accéder à son DMP", many)


DEPARTMENTS = {
    "01": "Ain",
    "02": "Aisne",
    "03": "Allier",
    "04": "Alpes-de-Haute-Provence",
    "05": "Hautes-Alpes",
    "06": "Alpes-Maritimes",
    "07": "Ardèche",
    "08": "Ardennes",
    "09": "Ariège",
    "10": "Aube",
    "11": "Aude",
    "12": "Aveyron",
    "13": "Bouches-du-Rhône",
    "14": "Calvados",
    "15": "Cantal",
    "16": "Charente",
    "17": "Charente-Maritime",
    "18": "Cher",
    "19": "Corrèze",
    "2A": "Corse-du-Sud",
    "2B": "Haute-Corse",
    "21": "Côte-d’Or",
    "22": "Côtes-d’Armor",
    "23": "Creuse",
    "24": "Dordogne",
    "25": "Doubs",
    "26": "Drôme",
    "27": "Eure",
    "28": "Eure-et-Loir",
    "29": "Finistère",
    "30": "Gard",
    "31": "Haute-Garonne",
    "32": "Gers",
    "33": "Gironde",
    "34": "Hérault",
    "35": "Ille-et-Vilaine",
    "36": "Indre",
    "37": "Indre-et-Loire",
    "38": "Isère",
    "39": "Jura",
    "40": "Landes",
    "41": "Loir-et-Cher",
    "42": "Loire",
    "43": "Haute-Loire",
    "44": "Loire-Atlantique",
    "45": "Loiret",
    "46": "Lot",
    "47": "Lot-et-Garonne",
    "48": "Lozère",
    "49": "Maine-et-Loire",
    "50": "Manche",
    "51": "Marne",
    "52": "Haute-Marne",
    "53": "Mayenne",
    "54": "Meurthe-et-Moselle",
    "55": "Meuse",
    "56": "Morbihan",
    "57": "Moselle",
    "58": "Nièvre",
    "59": "Nord",
    "60": "Oise",
    "61": "Orne",
    "62": "Pas-de-Calais",
    "63": "Puy-de-Dôme",
    "64": "Pyrénées-Atlantiques",
    "65": "Hautes-Pyrénées",
    "66": "Pyrénées-Orientales",
    "67": "Bas-Rhin",
    "68": "Haut-Rhin",
    "69": "Rhône",
    "70": "Haute-Saône",
    "71": "Saône-et-Loire",
    "72": "Sarthe",
    "73": "Savoie",
    "74": "Haute-Savoie",
    "75": "Paris",
    "76": "Seine-Maritime",
    "77": "Seine-et-Marne",
    "78": "Yvelines",
    "79": "Deux-Sèvres",
    "80": "Somme",
    "81": "Tarn",
    "82": "Tarn-et-Garonne",
    "83": "Var",
    "84": "Vaucluse",
    "85": "Vendée",
    "86": "Vienne",
    "87": "Haute-Vienne",
    "88": "Vosges",
    "89": "Yonne",
    "90": "Territoire de Belfort",
    "91": "Essonne",
    "92": "Hauts-de-Seine",
    "93": "Seine-Saint-Denis",
    "94": "Val-de-Marne",
    "95": "Val-d’Oise",
    "971": "Guadeloupe",
    "972": "Martinique",
    "973": "Guyane",
    "974": "La Réunion",
    "975": "Saint-Pierre-et-Miquelon",
    "976": "Mayotte",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
    "99": "Né(e) à l’étranger",
}
