"""What is in the shared records of the demonstration: invented reports, letters and papers.

`days`: how old it is; `seen`: whether its patient opened it; `by`: the login of its depositor, "" for
the patient.
"""

from dataclasses import dataclass, field

from app.models.document import FileFormat, PatientCategory
from app.seeds.demo_paper import Sheet

_PDF, _JPG, _TIF, _TXT, _RTF = (
    FileFormat.PDF,
    FileFormat.JPG,
    FileFormat.TIF,
    FileFormat.TXT,
    FileFormat.RTF,
)
_C = PatientCategory
_LAB = ("Laboratoire des Halles", "14 rue Victor-Hugo, 79000 Niort")
_CLINIC = ("Clinique des Tilleuls", "3 avenue de Paris, 79000 Niort")
_GP = ("Maison de santé de la Brèche", "8 place de la Brèche, 79000 Niort")
_PHARMACY = ("Pharmacie des Arènes", "21 rue des Arènes, 79000 Niort")
_IMAGING = ("Centre d’imagerie du Marais", "2 quai de la Préfecture, 79000 Niort")
_VALID = "Résultats validés par la biologiste."


@dataclass(frozen=True)
class Filed:
    """One document of a record. `kind`: a type of the national list, or the category the patient chose."""

    title: str
    days: int
    kind: str | PatientCategory
    by: str
    head: tuple[str, str]
    lines: tuple[str, ...]
    format: FileFormat = _PDF
    seen: bool = True
    is_masked: bool = False
    announce_in: int | None = None
    corrected: tuple[str, ...] = field(default=())

    def sheet(self, about: str, lines: tuple[str, ...] | None = None) -> Sheet:
        """What is written on it. `about`: whom it concerns."""
        return Sheet(*self.head, about, self.title, self.lines if lines is None else lines)


def _lab(
    title: str, days: int, *rows: str, by: str = "medecin", seen: bool = True, **more: object
) -> Filed:
    lines = (*rows, "", "* Hors des valeurs de référence", _VALID)
    return Filed(title, days, "11502-2", by, _LAB, lines, seen=seen, **more)  # type: ignore[arg-type]


_COUNT = "Numération formule sanguine"
_BESSON = (
    _lab(
        _COUNT, 5,
        "Leucocytes\t2,1 G/L *\t4,0 – 10,0", "Neutrophiles\t0,9 G/L *\t1,8 – 7,5",
        "Hémoglobine\t11,8 g/dL *\t12,0 – 16,0", "Plaquettes\t164 G/L\t150 – 400",
        seen=False,
    ),
    _lab(
        "Bilan hépatique", 57,
        "ASAT\t28 UI/L\t< 35", "ALAT\t31 UI/L\t< 35", "Gamma-GT\t44 UI/L *\t< 40",
        "Bilirubine totale\t11 µmol/L\t< 21", seen=False,
    ),
    _lab("Marqueurs tumoraux", 92, "CA 15-3\t22 kU/L\t< 30", "ACE\t2,1 µg/L\t< 5", is_masked=True),
    Filed(
        "Dosage de la TSH", 141, _C.LABORATORY, "", _LAB,
        ("TSH        2,4 mUI/L      (0,4 – 4,0)", "Prélèvement du matin, à jeun."), _JPG,
    ),
    _lab(
        _COUNT, 148, "Leucocytes\t3,8 G/L *\t4,0 – 10,0", "Neutrophiles\t1,9 G/L\t1,8 – 7,5",
        "Hémoglobine\t12,4 g/dL\t12,0 – 16,0", "Plaquettes\t201 G/L\t150 – 400",
    ),
    _lab(
        "Bilan avant traitement", 195, "Créatinine\t64 µmol/L\t45 – 84", "Kaliémie\t4,1 mmol/L\t3,5 – 5,0",
        "Calcémie\t2,34 mmol/L\t2,20 – 2,60", is_masked=True,
    ),
    _lab("Glycémie à jeun", 560, "Glycémie\t5,2 mmol/L\t3,9 – 5,8", by="generaliste"),
    _lab("Bilan lipidique", 905, "Cholestérol total\t5,4 mmol/L\t< 5,2", "HDL\t1,5 mmol/L\t> 1,2", by="generaliste"),
    _lab("Ferritine", 1_010, "Ferritine\t48 µg/L\t15 – 150", by="generaliste"),
    _lab("Vitamine D", 1_390, "25-OH vitamine D\t41 nmol/L *\t> 75", by="generaliste"),
    _lab(_COUNT, 1_760, "Leucocytes\t6,1 G/L\t4,0 – 10,0", "Hémoglobine\t13,1 g/dL\t12,0 – 16,0", by="generaliste"),
    _lab("TSH", 2_560, "TSH\t6,8 mUI/L *\t0,4 – 4,0", by="generaliste"),
    Filed(
        "Synthèse médicale", 34, "60591-5", "generaliste", _GP,
        (
            "# Antécédents", "Hypothyroïdie substituée depuis 2019. Appendicectomie en 1974.",
            "# Traitements en cours", "Palbociclib 125 mg, létrozole 2,5 mg, lévothyroxine 75 µg.",
            "# Points de vigilance", "Neutropénie sous palbociclib : numération avant chaque cycle.",
        ),
        seen=False,
    ),
    Filed(
        "Mes questions pour la prochaine consultation", 12, _C.SUMMARY, "", ("Jeanne Besson", ""),
        ("- La fatigue est plus forte la troisième semaine.", "- Puis-je reprendre la marche nordique ?"), _TXT,
    ),
    Filed(
        "Ordonnance de palbociclib, cycle 7", 5, "57833-6", "medecin", _CLINIC,
        ("Palbociclib 125 mg, 1 gélule par jour pendant 21 jours, puis 7 jours d’arrêt.", "", "Ne pas reprendre avant une numération de contrôle."),
    ),
    Filed(
        "Ordonnance de létrozole", 33, "57833-6", "medecin", _CLINIC,
        ("Létrozole 2,5 mg, 1 comprimé le matin.", "Traitement de 3 mois, à renouveler 3 fois."),
    ),
    Filed(
        "Ordonnance de lévothyroxine", 70, "57833-6", "generaliste", _GP,
        ("Lévothyroxine 75 µg, 1 comprimé à jeun le matin.", "Pour 6 mois."),
        corrected=("Lévothyroxine 75 µg, 1 comprimé à jeun le matin, 30 minutes avant le petit-déjeuner.", "Pour 6 mois."),
    ),
    Filed("Prescription d’actes infirmiers", 61, "PRESC-INF", "medecin", _CLINIC, ("Prise de sang à domicile avant chaque cycle, pendant 6 mois.",)),
    Filed("Prescription de biologie", 61, "PRESC-BIO", "medecin", _CLINIC, ("Numération formule sanguine, bilan hépatique, ionogramme.", "Toutes les 4 semaines.")),
    Filed("Délivrance du 2 novembre", 20, "60593-1", "pharmacien", _PHARMACY, ("Palbociclib 125 mg : 1 boîte de 21.", "Létrozole 2,5 mg : 1 boîte de 30.")),
    Filed("Plan personnalisé de soins", 180, "18776-5", "medecin", _CLINIC, tuple(f"Cycle {n} : palbociclib 21 jours, numération au jour 1, consultation au jour 28." for n in range(1, 47))),
    Filed("Protocole de soins ALD", 187, "PROT_ALD", "generaliste", _GP, ("Affection de longue durée reconnue.", "Actes et prestations pris en charge à 100 %.")),
    Filed("Ancienne ordonnance de lunettes", 1_330, _C.PRESCRIPTIONS, "", ("Dr A. Renaud, ophtalmologie", "Niort"), ("OD +1,25   OG +1,50   Addition +2,00",), _TIF),
    Filed("Scanner thoraco-abdomino-pelvien", 64, "18748-4", "medecin", _IMAGING, ("# Résultat", "Lésion hépatique stable par rapport à l’examen précédent.", "Pas de lésion nouvelle.")),
    Filed("Mammographie bilatérale", 388, "18748-4", "medecin", _IMAGING, ("# Résultat", "ACR 2 à droite, suivi annuel à gauche.")),
    Filed("Échographie du foie", 200, "18748-4", "generaliste", _IMAGING, ("Foie de taille normale, une lésion connue du segment VI.",)),
    Filed("Radiographie du poignet", 1_480, _C.IMAGING, "", ("Centre d’imagerie du Marais", "Niort"), ("Poignet droit, face et profil.", "Pas de fracture visible."), _JPG),
    Filed("Compte rendu de consultation d’oncologie", 5, "11488-4", "medecin", _CLINIC, ("Neutropénie de grade 3 : pause de 7 jours.", "La patiente dit avoir sauté plusieurs prises à cause de la fatigue.", "Contrôle dans une semaine.")),
    Filed("Réunion de concertation pluridisciplinaire", 192, "34794-8", "medecin", _CLINIC, ("Proposition : palbociclib et létrozole en première ligne.",)),
    Filed("Compte rendu d’hospitalisation", 820, "34112-3", "generaliste", ("Centre hospitalier de Niort", "40 avenue Charles-de-Gaulle, 79000 Niort"), ("Hospitalisation de 3 jours pour pneumopathie.", "Sortie sous amoxicilline.")),
    Filed("Entretien pharmaceutique", 175, "78601-2", "pharmacien", _PHARMACY, ("Pilulier mis en place. Plan de prise remis.", "Vigilance sur le pamplemousse et la clarithromycine.")),
    Filed("Suivi infirmier du 22 septembre", 61, "11506-3", "infirmier", ("Cabinet infirmier du Port", "Niort"), ("Nausées passagères. Poids 61,5 kg. Conseils diététiques donnés.",)),
    Filed("Lettre du cardiologue", 700, _C.REPORTS, "", ("Dr P. Noël, cardiologie", "Niort"), ("Cœur de taille normale. Électrocardiogramme sans particularité.",), _RTF),
    Filed("Note de vaccination antigrippale", 38, "87273-9", "pharmacien", _PHARMACY, ("Vaccin contre la grippe, saison en cours, bras gauche.",)),
    Filed("Dépistage organisé colorectal", 1_120, _C.PREVENTION, "", ("Centre de dépistage des Deux-Sèvres", "Niort"), ("Test immunologique : négatif. Prochain test dans 2 ans.",), _JPG),
    Filed("Certificat d’aptitude à la marche nordique", 230, _C.CERTIFICATES, "", _GP, ("Pas de contre-indication à la pratique de la marche nordique.",)),
    Filed("Carnet de mes tensions", 27, _C.OTHER, "", ("Jeanne Besson", ""), ("lundi 12/7", "mercredi 13/8", "vendredi 12/7"), _TXT),
    Filed("Attestation de droits", 300, _C.ADMINISTRATIVE, "", ("Assurance maladie", "Niort"), ("Attestation valable un an.",)),
    Filed("Carte de mutuelle", 290, _C.ADMINISTRATIVE, "", ("Mutuelle du Marais", "Niort"), ("Adhérente nº 0000 0042",), _JPG),
    Filed("Bulletin de sortie", 815, _C.ADMINISTRATIVE, "", ("Centre hospitalier de Niort", ""), ("Sortie à domicile.",), _TIF),
    Filed(
        "Biopsie de la lésion hépatique", 3, "60568-3", "medecin", ("Cabinet d’anatomie pathologique", "Niort"),
        ("Résultat à annoncer en consultation.",), seen=False, announce_in=6,
    ),
)  # fmt: skip

# By the place of the patient among `demo_patient.PATIENTS`.
RECORDS: dict[int, tuple[Filed, ...]] = {
    0: _BESSON,
    1: (
        _lab(_COUNT, 2, "Leucocytes\t4,9 G/L\t4,0 – 10,0", "Plaquettes\t188 G/L\t150 – 400"),
        Filed("Ordonnance de capécitabine", 42, "57833-6", "medecin", _CLINIC, ("Capécitabine 500 mg, 3 comprimés matin et soir, 14 jours sur 21.",)),
        Filed("Entretien pharmaceutique", 84, "78601-2", "pharmacien", _PHARMACY, ("Crème émolliente matin et soir.",)),
    ),
    2: (
        _lab("Transcrit BCR-ABL", 40, "Rapport\t0,04 %\t< 0,1"),
        Filed("Consultation d’hématologie", 70, "11488-4", "hematologue", ("Centre hospitalier du Marais", "La Rochelle"), ("Réponse moléculaire majeure.",)),
    ),
    4: (Filed("Compte rendu de consultation", 74, "11488-4", "generaliste", _GP, ("Tension à 148/84, surveillance à domicile.",)),),
    6: (
        _lab("INR et créatinine", 45, "Créatinine\t71 µmol/L\t45 – 84", by="medecin"),
        Filed("Délivrance", 30, "60593-1", "pharmacien", _PHARMACY, ("Apixaban 5 mg : 1 boîte de 60.",)),
    ),
}  # fmt: skip
