"""Our own first versions of the legal texts: data, in the language they are accepted in.

Plain text: « ## » opens a heading, « - » an item. An instance publishes its own over them.
"""

from app.models.legal_text import LegalTextKind
from app.services.notice_text import REFERENCE_BODY, REFERENCE_TITLE
from app.services.text import typeset

_TERMS = typeset("""\
## Ce que vous acceptez

Ces conditions disent ce que le portail Liane vous permet de faire, ce qu’il ne fait pas, et ce que \
chacun s’engage à respecter. Elles s’appliquent à toute personne qui a un compte : patient, \
professionnel de santé, secrétariat ou administration. Elles sont proposées par l’établissement ou le \
groupement qui exploite ce portail, nommé dans les mentions légales.

## À quoi sert le portail

Le portail aide une équipe de soins à suivre les traitements d’un patient : comment il les supporte, \
comment il les prend, et si ses médicaments interagissent entre eux. Le patient y voit qui fait partie \
de son cercle de soins.

Le portail n’est pas un service d’urgence. En cas d’urgence, appelez le 15 ou le 112, ou le 114 par SMS. \
Il ne pose aucun diagnostic, ne prescrit rien et ne remplace pas l’avis d’un professionnel.

## Votre compte

- Votre compte est personnel. Dans un compte partagé, chaque personne se nomme avec son propre code.
- Vous gardez vos mots de passe et vos codes pour vous. Personne, pas même l’administration, ne vous les \
demandera.
- Vous donnez des informations exactes et vous signalez ce qui change.
- Si vous pensez que quelqu’un d’autre a utilisé votre compte, changez votre mot de passe et prévenez \
l’administration du portail sans attendre.

## Ce que vous vous engagez à faire

- N’utiliser le portail que pour le suivi des soins.
- Ne pas chercher à lire ce qui ne vous est pas destiné.
- Ne pas recopier hors du portail plus d’informations que le soin ne le demande.
- Respecter les personnes avec qui vous échangez.

## Ce que l’exploitant s’engage à faire

- Protéger les informations confiées au portail et n’en faire aucun usage commercial.
- Enregistrer chaque consultation d’un dossier, pour qu’elle puisse être vérifiée.
- Vous prévenir d’un changement important, et réparer au plus tôt une interruption. Le portail peut être \
arrêté quelques instants pour son entretien.

## Vos messages

Un message n’est lu que de son auteur, de ses destinataires et de ceux à qui l’un d’eux a délégué sa \
messagerie. L’administration du portail ne le lit pas. L’e-mail qui l’annonce ne nomme personne et ne dit \
rien de ce qu’il contient. La messagerie n’est pas surveillée en permanence.

Chacun garde son exemplaire aussi longtemps qu’il le veut : supprimer une conversation efface le vôtre, pas \
celui des autres. Quand plus personne n’en a, le message et ses pièces jointes sont effacés pour de bon \
dans les jours qui suivent. Ce qui part vers une messagerie extérieure au portail y suit les règles de \
cette messagerie.

## Vos données personnelles

Le portail conserve vos nom et prénom, vos coordonnées, la date et l’appareil de vos connexions, et la \
trace de vos actes. Le dossier de suivi d’un patient est conservé 20 ans après sa dernière prise en \
charge, le journal des accès aussi longtemps que le dossier. La page « Données personnelles » dit vos \
droits et comment les exercer.

## Suspension et fermeture

L’administration peut suspendre un compte dont l’usage met en danger la sécurité du portail ou la \
confidentialité des dossiers ; elle en donne la raison. Vous pouvez demander la fermeture de votre \
compte à tout moment. Ce qui a été écrit dans un dossier y reste, comme la loi le demande.

## Changement de ces conditions

Quand ces conditions changent, la nouvelle version vous est présentée à la connexion, et vous choisissez \
de l’accepter ou de vous déconnecter. Chaque acceptation est conservée avec sa date et l’empreinte du \
texte. Le droit français s’applique.
""")

_CONTRACT = typeset("""\
## Entre qui

Ce contrat lie l’exploitant de ce portail, nommé dans les mentions légales, et vous, professionnel de \
santé, sous l’identité et le numéro RPPS que vous avez donnés à l’inscription.

## Objet

L’exploitant vous ouvre un accès au portail Liane pour suivre, avec les autres professionnels de son \
cercle de soins, les traitements de patients que vous prenez en charge. L’accès est gratuit pour vous. \
Il devient possible après vérification de votre identité et de votre droit d’exercer.

## Secret professionnel

Les informations du portail sont couvertes par le secret professionnel (article L. 1110-4 du code de la \
santé publique). Vous n’ouvrez que les dossiers de patients que vous prenez en charge. Chaque ouverture \
est enregistrée à votre nom et peut être montrée au patient.

## Information et accord du patient

- Avant d’inscrire un patient, vous lui remettez la notice d’information et vous recueillez son accord.
- Vous recueillez son accord pour chaque professionnel que vous ajoutez à son cercle.
- Vous cessez de consulter son dossier dès que votre prise en charge prend fin ou qu’il retire son \
accord.

## Qualité de ce que vous écrivez

Vos observations sont datées et signées de votre nom. Une correction remplace la précédente sans \
l’effacer. Vous restez responsable de vos décisions de soin ; le portail ne se substitue pas à votre \
jugement ni aux moyens habituels d’alerter un confrère en urgence.

## Vos moyens de connexion

- Vous protégez vos moyens de connexion, votre carte et votre téléphone, et vous signalez leur perte.
- Vous ne prêtez votre compte à personne. Pour être aidé, vous accordez une délégation : la personne \
agit avec ses propres moyens de connexion et reste nommée dans le journal.
- Une délégation ne dispense pas de surveiller ce qui est fait en votre nom.
- Le pharmacien responsable d’une équipe répond des postes et des codes opérateur qu’il ouvre.

## Engagements de l’exploitant

- Faire héberger les données de santé par un hébergeur certifié, lorsque la loi l’exige.
- Chiffrer les données, en conserver des copies de secours et tenir le journal des accès.
- Ne donner à l’administration du portail aucun accès aux données de santé.
- Vous prévenir d’une violation de données qui vous concerne ou concerne vos patients.

## Données personnelles

L’exploitant est responsable du traitement des données des comptes. Pour le suivi des patients, les \
responsabilités de chacun sont celles que fixe le règlement général sur la protection des données ; \
l’exploitant répond sur demande de ses mesures et de ses sous-traitants.

## Durée et fin

Le contrat prend effet à l’activation de votre compte, sans durée fixée. Vous pouvez y mettre fin à tout \
moment en demandant la fermeture du compte. L’exploitant peut suspendre l’accès en cas de manquement, en \
donnant sa raison, et y mettre fin si vous n’avez plus le droit d’exercer. Ce que vous avez écrit reste \
dans les dossiers pendant la durée de conservation prévue par la loi.

## Signature

Vous signez en tapant votre prénom et votre nom, puis en confirmant avec un code à usage unique, ou en \
déposant un exemplaire signé. La date, le texte signé et le moyen employé sont conservés comme preuve. \
Le droit français s’applique.
""")

REFERENCE_TEXTS = {
    LegalTextKind.TERMS: ("Conditions générales d’utilisation", _TERMS),
    LegalTextKind.CONTRACT: ("Contrat d’utilisation par un professionnel de santé", _CONTRACT),
    LegalTextKind.NOTICE: (REFERENCE_TITLE, REFERENCE_BODY),
}
