"""What people of the demonstration write to each other: invented, like everybody in it.

`days`: how long ago, in the morning of that day and some `minutes`; for 0, that many minutes before the first
start. Whoever receives a message reads it soon after, except those it is `unread` for.
"""

from dataclasses import dataclass

from app.models.document import FileFormat
from app.models.entry import EntryKind
from app.models.message import AttachmentSource, Priority

PATIENT = "patient"
_CONTACT = Priority.CONTACT
_DEVICE, _DOCUMENT = AttachmentSource.DEVICE, AttachmentSource.DOCUMENT
_ADHERENCE, _TOLERANCE, _INTERACTION = (
    EntryKind.ADHERENCE,
    EntryKind.TOLERANCE,
    EntryKind.INTERACTION,
)


@dataclass(frozen=True)
class Joined:
    """A file of a message: a sheet made for it, or the newest document of that title in the record."""

    title: str
    lines: tuple[str, ...] = ()
    format: FileFormat = FileFormat.PDF
    source: AttachmentSource = _DEVICE


@dataclass(frozen=True)
class Said:
    """One message. `typed_by`: who wrote it for its author; a patient's always asks for contact."""

    by: str
    days: int
    text: str
    minutes: int = 0
    files: tuple[Joined, ...] = ()
    priority: Priority = Priority.INFORMATION
    unread: tuple[str, ...] = ()
    typed_by: str = ""
    to_all: bool = False


@dataclass(frozen=True)
class Begun:
    """A draft: whose, and what it says so far."""

    by: str
    text: str
    days: int = 0
    minutes: int = 30
    files: tuple[Joined, ...] = ()
    priority: Priority = Priority.INFORMATION


@dataclass(frozen=True)
class Talk:
    """One conversation: its first message goes to `to`; without any message, it is only a draft.

    `about`: the place of the patient among `demo_patient.PATIENTS`; `entry`: its kind, and days since it
    happened; `treated`: who archived it, and days since; `ended`: who put an end to the exchanges, likewise.
    """

    subject: str
    to: tuple[str, ...]
    said: tuple[Said, ...] = ()
    about: int | None = None
    treatment: str = ""
    entry: tuple[EntryKind, int] | None = None
    draft: Begun | None = None
    treated: tuple[tuple[str, int], ...] = ()
    ended: tuple[str, int] | None = None


_WITH_PATIENT = (
    Talk(
        "Votre suivi commence", (PATIENT,),
        (
            Said("medecin", 188, "Bonjour Madame Besson,\n\nVotre suivi est ouvert. Ici, vous pouvez me poser vos questions entre deux consultations ; je réponds en général sous deux jours ouvrés.\n\nPrenez le palbociclib chaque jour à la même heure, avec un repas. Notez vos oublis sans vous en inquiéter : nous en parlerons.\n\nBien à vous,\nDre Claire Martin", minutes=200),
            Said(PATIENT, 187, "Bonjour docteure,\n\nMerci, c’est rassurant de savoir où écrire. J’ai mis une alarme sur mon téléphone pour 12 h 30.\n\nJeanne Besson", minutes=640),
        ),
        treated=(("medecin", 186),),
    ),
    Talk(
        "Votre bronchite", (PATIENT,),
        (
            Said("generaliste", 57, "Bonjour Jeanne,\n\nComme convenu, un comprimé de clarithromycine matin et soir pendant 7 jours. Si vous êtes essoufflée ou si la fièvre dépasse 38,5 °C, appelez le cabinet sans attendre.\n\nYves Caradec", minutes=480),
            Said(PATIENT, 54, "Bonjour docteur, la toux se calme et je n’ai plus de fièvre depuis hier soir. Dois-je finir la boîte ?", minutes=130),
            Said("generaliste", 54, "Oui, jusqu’au 7e jour, pas plus : votre pharmacien m’a rappelé qu’il ne fallait pas prolonger avec votre traitement. Reposez-vous bien.", minutes=260),
            Said("generaliste", 49, "Me voilà rassuré, la bronchite est guérie. Je clos nos échanges ici ; pour votre traitement, la Dre Martin vous répond, et mon secrétariat vous donne rendez-vous au 05 36 49 11 20.\n\nPrenez soin de vous.", minutes=90),
        ),
        ended=("generaliste", 49), treated=(("generaliste", 49),),
    ),
    Talk(
        "Ordonnance de létrozole renouvelée", (PATIENT,),
        (
            Said("medecin", 33, "Bonjour Madame Besson,\n\nVoici votre ordonnance de létrozole, valable trois mois. Monsieur Haddad peut la lire aussi : vous n’avez rien à apporter.\n\nDre Martin", minutes=310, files=(Joined("Ordonnance de létrozole", source=_DOCUMENT),)),
            Said(PATIENT, 32, "C’est bien arrivé, merci beaucoup.", minutes=75),
        ),
        treated=(("medecin", 32),),
    ),
    Talk(
        "Semaine du contrôle : qui passe quand", (PATIENT, "pharmacien", "medecin"),
        (
            Said("infirmier", 6, "Bonjour à tous,\n\nMadame Besson, je viens chez vous à 7 h 45 pour la prise de sang, à jeun. Monsieur Haddad prépare le pilulier pour le même jour. Dites-nous si l’horaire ne vous va pas.\n\nSophie Lemaire", minutes=160),
            Said("pharmacien", 6, "Le pilulier sera prêt la veille au soir. Je le confie à Madame Lemaire si vous préférez ne pas sortir.", minutes=210, to_all=True),
            Said(PATIENT, 6, "Bonjour, 7 h 45 me convient. Le code de la porte a changé : c’est celui que vous avez noté sur votre carnet, avec un 4 à la fin.", minutes=300, to_all=True),
        ),
        treated=(("medecin", 5),),
    ),
    Talk(
        "Votre prise de sang et la pause du traitement", (PATIENT,),
        (
            Said("medecin", 4, "Bonjour Madame Besson,\n\nComme je vous l’ai dit au téléphone, vos globules blancs sont un peu bas. Nous suspendons le palbociclib pendant 7 jours ; continuez le létrozole comme d’habitude.\n\nSi vous avez plus de 38 °C ou des frissons, appelez la clinique, même la nuit.\n\nDre Martin", minutes=520, priority=_CONTACT, files=(Joined("Numération formule sanguine", source=_DOCUMENT),)),
            Said(PATIENT, 3, "Bonjour docteure,\n\nMerci pour votre appel. Je n’ai pas de fièvre. Je vous joins mon carnet et mes questions : la fatigue est plus forte la troisième semaine.\n\nJeanne Besson", minutes=95, files=(Joined("Carnet de mes tensions", format=FileFormat.TXT, source=_DOCUMENT), Joined("Mes questions pour la prochaine consultation", format=FileFormat.TXT, source=_DOCUMENT))),
            Said("medecin", 2, "Vos tensions sont bonnes. La fatigue vient sans doute des globules : la pause devrait vous aider. Ne rattrapez surtout pas les gélules oubliées. Nous verrons les deux autres questions ensemble.", minutes=505),
        ),
        draft=Begun(PATIENT, "Bonjour docteure, depuis la pause je dors mieux, mais j’ai encore besoin d’une sieste l’après-midi. Faut-il avancer la prise de sang ?\n\nMerci d’avance, Jeanne Besson", files=(Joined("Photo de mon carnet", ("lundi : sieste 1 h 30", "mardi : sieste 45 min", "mercredi : pas de sieste, marche 20 min"), FileFormat.JPG), Joined("Certificat d’aptitude à la marche nordique", source=_DOCUMENT))),
    ),
    Talk(
        "Votre pilulier est prêt", (PATIENT,),
        (
            Said("pharmacien", 2, "Bonjour Madame Besson,\n\nVotre pilulier de la semaine est prêt. Vous pouvez venir le chercher à partir de 14 h, ou je le donne à Madame Lemaire. Le plan de prise tient compte de la pause.\n\nKarim Haddad", minutes=130, files=(Joined("Plan de prise de la semaine", ("Létrozole 2,5 mg : 1 comprimé le matin", "Lévothyroxine 75 µg : 1 comprimé à jeun", "Palbociclib : en pause jusqu’au contrôle")),)),
            Said(PATIENT, 1, "Merci ! Je passe le prendre avec ma fille en fin d’après-midi. Est-ce que je peux boire du jus de pamplemousse pendant la pause ?", minutes=190, unread=("pharmacien",)),
        ),
    ),
    Talk(
        "Mon passage pour la prise de sang", (PATIENT,),
        (Said("infirmier", 1, "Bonjour Madame Besson,\n\nJe passerai comme convenu à 7 h 45. Restez à jeun, un verre d’eau est permis. Avez-vous encore des pansements de la dernière fois ?\n\nSophie Lemaire", minutes=420, unread=(PATIENT,)),),
    ),
    Talk(
        "Puis-je reprendre la marche nordique ?", ("medecin",),
        (Said(PATIENT, 0, "Bonjour docteure,\n\nMon groupe reprend la semaine prochaine, une heure à plat le long de la Sèvre. Je me sens capable d’essayer, sans bâtons s’il le faut. Est-ce raisonnable avec mes globules ?\n\nJe vous joins le certificat de l’an dernier.\n\nJeanne Besson", minutes=130, files=(Joined("Certificat d’aptitude à la marche nordique", source=_DOCUMENT),), unread=("medecin",)),),
    ),
    Talk("Mes vacances : combien de boîtes emporter ?", ("pharmacien",), draft=Begun(PATIENT, "Bonjour Monsieur Haddad, nous partons dix jours chez ma sœur à", days=1, minutes=560)),
)  # fmt: skip

_ABOUT_PATIENTS = (
    Talk(
        "Prises sautées, que faire avant le contrôle ?", ("pharmacien",),
        (
            Said("medecin", 4, "Bonjour Karim, j’ai suspendu le palbociclib de Madame Besson jusqu’au contrôle. Pouvez-vous refaire le point avec elle sur les prises ?", minutes=540, priority=_CONTACT),
            Said("pharmacien", 0, "Bonjour Claire, je l’ai vue au comptoir. Elle dit avoir sauté quatre prises en trois semaines, surtout le soir, à cause de la fatigue. Score de Girerd : 3 oui sur 6.\n\nFaut-il avancer le contrôle ? Je vous joins le questionnaire et le relevé de dispensation.", minutes=45, priority=_CONTACT, unread=("medecin",), files=(
                Joined("Questionnaire de Girerd", ("Ce matin, avez-vous oublié de prendre votre médicament ?\tOui", "Depuis la dernière consultation, en avez-vous manqué ?\tNon", "Avez-vous pris votre traitement avec retard ?\tOui", "Score\t3 oui sur 6 *")),
                Joined("Relevé de dispensation", ("Palbociclib 125 mg\t1 boîte de 21\til y a 20 jours", "Létrozole 2,5 mg\t1 boîte de 30\til y a 20 jours")),
            )),
        ),
        about=0, treatment="Palbociclib 125 mg", entry=(_ADHERENCE, 7),
    ),
    Talk(
        "Fin de l’antibiotique", ("medecin",),
        (
            Said("generaliste", 49, "Chère Claire, clarithromycine arrêtée au 7e jour comme convenu avec Monsieur Haddad, auscultation libre. Je reste disponible si la toux revient.", minutes=60, files=(Joined("Lettre de fin d’antibiotique", ("Bronchite aiguë, évolution favorable.", "Clarithromycine : 7 jours, arrêtée.")),)),
            Said("medecin", 48, "Merci Yves, c’est parfait. Nous reprenons la surveillance habituelle.", minutes=35),
        ),
        about=0, treatment="Clarithromycine 500 mg", treated=(("medecin", 48), ("generaliste", 47)),
    ),
    Talk(
        "Évite la prise de midi au travail", ("medecin",),
        (Said("infirmier", 4, "Madame Da Silva saute la metformine de midi : elle mange debout à l’atelier et n’ose pas sortir la boîte. Elle accepterait deux prises plus fortes, matin et soir. Pouvez-vous me rappeler ?", minutes=350, priority=_CONTACT),),
        about=6, treatment="Metformine 1000 mg", entry=(_ADHERENCE, 4),
        draft=Begun("medecin", "Bonjour Sophie, deux prises me vont. Je refais l’ordonnance demain matin, et", minutes=200),
    ),
    Talk(
        "Plaquettes avant renouvellement", ("pharmacien",),
        (
            Said("medecin", 19, "Plaquettes à 92 G/L, dose maintenue. Contrôle avant chaque délivrance, s’il vous plaît.", minutes=150, typed_by="infirmier"),
            Said("pharmacien", 1, "Monsieur Martinez vient chercher sa boîte après-demain et n’a pas de numération depuis dix-neuf jours. Je délivre, ou j’attends le résultat ?", minutes=480, priority=_CONTACT, unread=("medecin",)),
        ),
        about=9, treatment="Ruxolitinib 10 mg", entry=(_TOLERANCE, 19),
    ),
    Talk(
        "Prise de sang faite ce matin", ("medecin", "pharmacien"),
        (Said("infirmier", 2, "Tout s’est bien passé chez Madame Nguyen, résultats attendus demain. Les paumes sont moins rouges, elle met sa crème deux fois par jour.", minutes=25, unread=("medecin",)),),
        about=1, entry=(_TOLERANCE, 2),
    ),
    Talk(
        "Bilan partagé de médication", ("medecin",),
        (Said("pharmacien", 8, "Le bilan de Madame Nguyen est prêt, je vous le joins pour relecture. Un seul point à trancher : l’horaire de la prise du soir.", minutes=400, files=(Joined("Bilan partagé de médication", ("# Traitements revus", "Capécitabine 500 mg, 3 comprimés matin et soir, 14 jours sur 21.", "# À décider", "Prise du soir dans les 30 minutes après le dîner, ou au coucher ?")), Joined("Entretien pharmaceutique", source=_DOCUMENT))),),
        about=1, treatment="Capécitabine 500 mg",
    ),
    Talk(
        "Livraison chez Madame Nguyen", ("pharmacien",),
        (
            Said("infirmier", 3, "Karim, pouvez-vous ajouter un tube d’émollient à la livraison ? Elle le termine ce soir.", minutes=210),
            Said("pharmacien", 3, "C’est dans le sac, avec l’ordonnance dessus. Le livreur passe vers 18 h.", minutes=255, unread=("infirmier",)),
        ),
        about=1, treated=(("pharmacien", 2),),
    ),
    Talk(
        "Boîtes oubliées pendant un voyage", ("medecin",),
        (
            Said("hematologue", 11, "Bonjour Claire, Monsieur Ouedraogo a laissé ses boîtes à Ouagadougou : six jours sans imatinib. Je l’ai eu au téléphone, il reprend ce soir à dose pleine. D’accord pour un transcrit dans un mois ?", minutes=330, priority=_CONTACT),
            Said("medecin", 11, "D’accord, je le prescris. Merci de l’avoir appelé si vite.", minutes=410),
        ),
        about=2, entry=(_ADHERENCE, 11), treated=(("medecin", 10), ("hematologue", 10)),
    ),
    Talk(
        "Réponse moléculaire majeure", ("medecin",),
        (Said("hematologue", 38, "Une bonne nouvelle pour finir la semaine : transcrit à 0,04 % chez Monsieur Ouedraogo. Il l’a appris par moi et l’annonce à ses enfants ce soir.", minutes=560, files=(Joined("Transcrit BCR-ABL", source=_DOCUMENT),)),),
        about=2, treatment="Imatinib 400 mg", treated=(("medecin", 37),),
    ),
    Talk(
        "Paroxétine et tamoxifène", ("medecin", "hematologue"),
        (
            Said("pharmacien", 190, "Une paroxétine a été prescrite à Madame Fabre hors de l’équipe. Association déconseillée : puis-je appeler le prescripteur ?", minutes=75, priority=_CONTACT),
            Said("medecin", 190, "Oui, avec mon accord pour la venlafaxine. Merci de l’avoir vu.", minutes=120, to_all=True),
            Said("pharmacien", 189, "C’est fait, remplacée dès ce soir. Madame Fabre est au courant et soulagée.", minutes=30, to_all=True),
        ),
        about=3, treatment="Tamoxifène 20 mg", entry=(_INTERACTION, 190), treated=(("medecin", 188), ("hematologue", 188), ("pharmacien", 187)),
    ),
    Talk(
        "Bouffées de chaleur la nuit", ("pharmacien",),
        (Said("hematologue", 1, "Madame Fabre dort mal et pense à espacer ses comprimés. Pouvez-vous lui en parler à la prochaine délivrance, et me dire ce qu’elle en pense ?", minutes=370, priority=_CONTACT, unread=("pharmacien",)),),
        about=3, treatment="Tamoxifène 20 mg",
    ),
    Talk(
        "Tension de Monsieur Petit", ("medecin",),
        (
            Said("generaliste", 74, "Tension à 148/84 au cabinet, 138/80 chez lui le matin. Je ne change rien pour l’instant et je le revois dans trois mois. Le compte rendu est au dossier.", minutes=240, files=(Joined("Compte rendu de consultation", source=_DOCUMENT),)),
            Said("medecin", 73, "Tout à fait d’accord. Potassium à contrôler en même temps, s’il vous plaît.", minutes=15),
        ),
        about=4, entry=(_TOLERANCE, 74), treated=(("medecin", 73),),
    ),
    Talk(
        "Fond d’œil à programmer", ("medecin",),
        (
            Said("pharmacien", 66, "Madame Bertin prend l’hydroxychloroquine depuis plus de sept mois et n’a pas eu son fond d’œil de départ. Elle pensait que c’était fait.", minutes=90, priority=_CONTACT),
            Said("medecin", 65, "Bien vu. Rendez-vous pris dans dix jours, elle est prévenue.", minutes=300),
            Said("pharmacien", 64, "Merci, je le note à sa fiche.", minutes=20),
        ),
        about=5, entry=(_TOLERANCE, 66), treated=(("medecin", 63), ("pharmacien", 63)),
    ),
    Talk(
        "Ibuprofène pris pour le dos", ("medecin", "infirmier"),
        (Said("pharmacien", 62, "Madame Da Silva prenait de l’ibuprofène sans ordonnance avec l’apixaban. Arrêté, paracétamol à la place. Merci de vérifier l’armoire à pharmacie au prochain passage.", minutes=45),),
        about=6, treatment="Apixaban 5 mg", entry=(_INTERACTION, 62), treated=(("medecin", 61), ("infirmier", 58)),
    ),
    Talk(
        "Chéilite sous isotrétinoïne", ("medecin", "pharmacien"),
        (Said("generaliste", 29, "Lèvres très abîmées chez Monsieur Le Goff, baume conseillé plusieurs fois par jour. Humeur bonne, il plaisante. À revoir au prochain renouvellement.", minutes=200),),
        about=7, entry=(_TOLERANCE, 30), treated=(("medecin", 28),),
    ),
    Talk(
        "Plan de prise à relire", ("pharmacien",),
        (Said("medecin", 9, "Karim, voici le plan de prise de Monsieur Le Goff pour ses trois semaines de stage en mer. Est-il clair pour quelqu’un qui se lève à 4 h ?", minutes=380, files=(Joined("Plan de prise en mer", ("4 h 30 : 1 capsule avec le petit-déjeuner du bord", "Baume à lèvres : avant chaque quart")),)),),
        about=7, treatment="Isotrétinoïne 20 mg",
    ),
    Talk(
        "Le mari de Madame Delmas s’épuise", ("generaliste", "medecin"),
        (
            Said("infirmier", 34, "Monsieur Delmas ne dort plus que quatre heures. Il prépare tout, lave tout, et ne demande rien. Pourrions-nous proposer un répit avant les fêtes ?", minutes=190, priority=_CONTACT),
            Said("generaliste", 33, "Merci Sophie. Je l’appelle ce soir, sous prétexte de son vaccin. L’accueil de jour a une place le mardi.", minutes=570, to_all=True),
            Said("medecin", 33, "Je soutiens la demande, dites-moi s’il faut un certificat.", minutes=610, to_all=True),
            Said("infirmier", 27, "Il a dit oui pour le mardi. Madame Delmas a choisi elle-même son foulard pour y aller.", minutes=150, to_all=True),
        ),
        about=8,
    ),
    Talk(
        "Passage avancé chez Madame Delmas", ("infirmier",),
        (Said("generaliste", 1, "Pouvez-vous passer avant 8 h après-demain ? La navette de l’accueil de jour arrive à 8 h 15. Rappelez-moi si c’est impossible.", minutes=290, priority=_CONTACT, unread=("infirmier",)),),
        about=8,
    ),
)  # fmt: skip

_TEAM = (
    Talk(
        "Réunion d’équipe du mois", ("pharmacien", "infirmier", "generaliste", "hematologue"),
        (
            Said("medecin", 15, "Bonjour à tous, je propose mardi à 13 h à la clinique, une heure, sandwichs compris. Trois sujets : l’observance le week-end, les aidants, les délais de laboratoire.", minutes=185),
            Said("pharmacien", 15, "Présent. J’apporte les chiffres des délivrances.", minutes=230, to_all=True),
            Said("generaliste", 14, "Je serai là à 13 h 15, consultation oblige. Gardez-moi un sandwich au fromage.", minutes=10, to_all=True),
            Said("hematologue", 14, "Par téléphone pour moi, la route de La Rochelle est longue.", minutes=130, to_all=True),
            Said("infirmier", 13, "Je viens. Je peux parler des aidants, j’ai noté ce qui les aide vraiment.", minutes=480, to_all=True, unread=("generaliste",)),
        ),
        treated=(("medecin", 12),),
    ),
    Talk(
        "Pharmacie fermée samedi après-midi", ("medecin", "infirmier", "generaliste"),
        (Said("pharmacien", 5, "Inventaire samedi : nous fermons à 12 h 30. Pour une urgence, la garde est à la Pharmacie du Donjon. Envoyez-moi les ordonnances de week-end avant vendredi soir.", minutes=300, unread=("infirmier",)),),
    ),
    Talk(
        "Fiche d’aide pour les traitements oraux", ("medecin", "pharmacien"),
        (Said("infirmier", 22, "J’ai mis au propre la fiche que nous donnons au premier passage. Corrigez sans pitié, les patients la gardent sur le frigo.", minutes=600, files=(Joined("Fiche du premier passage", ("# Chaque jour", "Une heure fixe, une alarme, un verre d’eau.", "# En cas d’oubli", "Ne doublez jamais. Notez-le, dites-le.", "# Appelez", "Fièvre au-dessus de 38 °C, frissons, saignement.")),)),),
    ),
    Talk("Astreinte des fêtes", ("hematologue", "generaliste"), draft=Begun("medecin", "Bonjour Louise, bonjour Yves,\n\nJe peux tenir l’astreinte du 24 au 26 si l’un de vous prend le 31. De mon côté,", days=1, minutes=620)),
)  # fmt: skip

TALKS: tuple[Talk, ...] = (*_WITH_PATIENT, *_ABOUT_PATIENTS, *_TEAM)
