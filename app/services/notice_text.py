"""The reference text of the information notice: data, in the language it is handed in."""

REFERENCE_VERSION = "1"
REFERENCE_TITLE = "Notice d’information éclairée"

_N = "\u202f"
REFERENCE_BODY = f"""\
## Pourquoi ce suivi{_N}?

Votre professionnel de santé vous propose d’utiliser Liane pour suivre vos traitements avec les \
autres professionnels qui vous soignent. Ils y notent comment vous supportez vos traitements (la \
tolérance), les interactions entre vos médicaments et la façon dont vous les prenez \
(l’observance). Chacun dispose ainsi des mêmes informations, à jour, et peut réagir plus tôt. \
Liane n’est pas un service d’urgence{_N}: en cas d’urgence, appelez le 15 ou le 112 (le 114 par \
SMS).

## Quelles informations{_N}?

Votre identité (nom, prénoms, date et lieu de naissance, sexe et, si vous le communiquez, votre \
matricule INS), vos coordonnées, vos traitements, les observations des professionnels, vos \
consentements et, si vous ouvrez un espace personnel, les messages que vous échangez avec eux. \
Rien n’est utilisé à des fins commerciales ni transmis à d’autres personnes.

## Qui peut les voir{_N}?

Seulement les professionnels de votre cercle de soins. Le premier est celui qui vous inscrit. \
Votre accord vous est demandé de nouveau pour chaque professionnel ajouté. Une personne qui \
n’est pas de votre cercle ne voit rien, pas même que vous êtes suivi. Chaque consultation de \
votre dossier est enregistrée.

Un message n’est lu que de celui qui l’écrit, de ceux à qui il est adressé et de ceux à qui un \
professionnel a délégué sa messagerie. L’e-mail qui vous annonce un message ne dit rien de ce \
qu’il contient.

## Vos droits

Vous êtes libre d’accepter ou de refuser{_N}: un refus ne change rien à la qualité de vos soins. \
Vous pouvez retirer votre accord à tout moment, pour un professionnel ou pour tout le suivi, \
sans donner de raison{_N}; ce qui a été écrit avant le retrait reste dans le dossier des \
professionnels, comme la loi le demande. Vous pouvez aussi consulter vos informations, les faire \
rectifier, en limiter l’usage, vous opposer à leur utilisation ou en recevoir une copie. Pour \
exercer ces droits, parlez-en à un professionnel de votre cercle.

## Combien de temps{_N}?

Le dossier tenu par les professionnels est conservé 20 ans après votre dernière prise en \
charge{_N}: 5 ans dans la base active, puis 15 ans en archive. Un message reste tant que l’un de ses \
participants le garde{_N}: supprimer une conversation efface votre exemplaire, et quand plus personne \
n’en a, elle est effacée pour de bon.

## À qui s’adresser{_N}?

Au professionnel qui vous remet cette notice, ou au délégué à la protection des données de son \
établissement. Si vous estimez que vos droits ne sont pas respectés, vous pouvez adresser une \
réclamation à la CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07, ou sur cnil.fr.
"""
