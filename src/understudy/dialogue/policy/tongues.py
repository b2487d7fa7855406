"""What the rules in words know of other languages: German, French, Spanish, Italian, Portuguese, Dutch.

Text is that of `plain`: lower case and without accents, save for the tilde (ñ, ã, õ). Each pattern stands beside the
English one of its class.
"""

from collections.abc import Mapping
from typing import Final

CHILD: Final = (
    r"minderjahrig\w*|minderjarig\w*|madchen|kinder(?:n|en)?|schuler(?:in(?:nen)?)?|schulmadchen|mineure?s?|enfants?"
    r"|fillettes?|gamine?s?|collegien(?:ne)?s?|lyceen(?:ne)?s?|menores?|ni[nñ][oa]s?|chiquill[oa]s?|colegialas?"
    r"|minorenn[ei]|bambin[aeio]|ragazzin[aeio]|crianca?s?|menin[oa]s?|meisjes?|jongetjes?|kindje"
)
ROMANCE: Final = (
    r"freundin|freund|verlieb\w*|kuss\w*|verfuhr\w*|petite? amie?|embrasse\w*|amoureu\w*|bisous?|sedui\w*|drague\w*"
    r"|novi[ao]|coquete\w*|bes[oa]\w*|enamora\w*|seduci\w*|seduz\w*|ragazz[ao]|baci\w*|innamora\w*|namor\w*|beij\w*"
    r"|apaixon\w*|verliefd|zoen\w*"
)
TEENS: Final = (
    "zehn|elf|zwolf|dreizehn|vierzehn|funfzehn|sechzehn|siebzehn|onze|douze|treize|quatorze|quinze|seize|dix-sept|dix"
    "|once|doce|trece|catorce|quince|dieciseis|diecisiete|diez|dieci|undici|dodici|tredici|quattordici|quindici|sedici"
    "|diciassette|doze|treze|catorze|dezesseis|dezasseis|twaalf|dertien|veertien|vijftien|zestien|zeventien"
)
YEARS: Final = "ans|a[nñ]os|anos|anni|jahre|jahrige[rn]?|jaar"
SELF_HARM: Final = (
    r"\bbring(?:e|t)? mich (?:\w+ )?um\b|\bumbringen\b|\bmich umzubringen\b|\bselbstmord\w*|\bsuizid\w*|\blebensmude\b"
    r"|\bnicht mehr leben\b|\b(?:nie|niemals|nicht) (?:mehr )?(?:wieder )?aufwachen\b|\bgeritzt\b|\bmich ritzen\b"
    r"|\bmich toten\b|\bich will (?:\w+ ){0,2}(?:sterben|tot sein)\b"
    r"|\b(?:ware (?:ich )?(?:\w+ )?(?:am liebsten )?tot|liebsten (?:\w+ ){0,2}tot)\b|\b(?:sich"
    r"|mir) (?:et)?was antun\b|\bmir das leben nehmen\b"
    r"|\bmich selbst (?:verletz|schneid)\w*|\bmeinem leben ein ende\b|\bbesser dran ohne mich\b"
    r"|\bplus (?:envie de )?vivre\b|\bme suicider\b|\bme tuer\b|\bmettre fin a (?:mes jours|ma vie)\b"
    r"|\b(?:veux|voudrais|envie de) mourir\b(?! de)|\b(?:envie|besoin|veux|voudrais|vais) (?:d')?en finir\b"
    r"(?! avec (?!la vie|ma vie|tout))|\bme faire du mal\b|\bplus jamais me reveiller\b"
    r"|\b(?:quiero|ganas de) morir(?:me)?\b(?! de)|\bno quiero (?:vivir|seguir viviendo|despertar)\b|\bmatarme\b"
    r"|\bme quiero matar\b|\bsuicidarme\b|\bquitarme la vida\b|\bcansad[oa] de vivir\b|\bhacerme da[nñ]o\b"
    r"|\bacabar con mi vida\b|\bdesaparecer para siempre\b|\b(?:no tengo|sin) ganas de vivir\b|\b(?:pienso en"
    r"|quiero) tirarme\b"
    r"|\bvoglio (?:solo )?morire\b|\bnon voglio (?:piu )?vivere\b|\bammazzar(?:e|mi)\b|\bsuicidarmi\b|\buccidermi\b"
    r"|\bfarla finita\b|\bnon svegliarmi\b|\b(?:penso di|voglio) buttarmi\b|\btogliermi la vita\b|\bfarmi del male\b"
    r"|\bmi (?:ammazzo|uccido)\b"
    r"|\bme matar\b|\bnão aguento mais viver\b|\b(?:quero|vou) morrer\b(?! de)|\bnão quero (?:mais )?viver\b"
    r"|\bme suicidar\b"
    r"|\b(?:tirar|acabar com) a minha (?:propria )?vida\b"
    r"|\bwil (?:\w+ ){0,2}(?:dood|sterven|niet meer leven|er niet meer zijn)\b(?! (?:gaan )?aan)|\bzelfmoord\w*"
    r"|\bmezelf (?:\w+ )?(?:aandoen|pijn doen|snijden|ophangen)\b|\beinde? aan mijn leven\b"
)
ASKED: Final[Mapping[str, str]] = {
    "disclosure": (
        r"\b(?:eres|sei|es|e|bist du|ben je|ben jij|t'es|tu es) (?:\w+ ){0,2}(?:de verdad|de verdade|in carne|de carne"
        r"|echt|een (?:mens|robot|computer|bot|persoon|machine)|uma? (?:pessoa|robo|maquina|ia))\b.{0,25}$"
        r"|\bvoce e (?:\w+ )?(?:human[oa]|real)\b|\b(?:sitzt|ist) (?:da|dort|hier) (?:\w+ )?(?:jemand|ein mensch)\b"
        r"|\bfleisch und blut\b|\bchair et (?:en |d')?os\b|\bcarne e ossa\b|\bcarne y hueso\b|\bvlees en bloed\b"
    ),
    "impersonation": (
        r"\b(?:sei|tu etais|fueras|come se fossi|als ob du|als warst du|wie wenn du|finge que eres|finge (?:ser"
        r"|que es)|fingi di "
        r"essere|(?:fais |parle |reponds(?:-moi)? )?comme si(?: tu etais)?|du bist jetzt|tu es|du bist|eres"
        r"|dans la peau de|joue|imite|imita a|haz de"
        r"|actua como|sprich (?:\w+ )?(?:wie|als)|antworte als|spiel|speel|doe alsof je|praat als|fai finta di essere"
        r"|parla come|habla como|como se fosses?|como si fueras|parle comme|fala como)\b.{0,5}(?:%(name)s)"
        r"|\b(?:gestorben|tot ist|est morte?|murio|ha muerto|e morta?o?|morreu|overleden is)\b.{0,60}\b(?:wie (?:er"
        r"|sie)|comme (?:lui|elle)"
        r"|como (?:el|ella|ele|ela)|fueras (?:el|ella)|come (?:lui|lei)|(?:seinen|ihren|sus|suas|ses|sue) (?:worten"
        r"|palabras|palavras"
        r"|mots|parole))\b"
        r"|\b(?:verstorbene[rn]?|defunte?|difunt[oa]|defunt[oa]|falecid[oa]|overleden)\b.{0,40}\b(?:sei|bist|sprich"
        r"|sois|parle|tu es|se|eres|habla|sei|fai|parla|seja|fala|ben|praat)\b"
        r"|\b(?:sei|bist|sprich|sois|parle comme|tu es|eres|habla como|fai|parla come|seja|fala como|ben|praat)\b"
        r".{0,25}\b(?:verstorbene[rn]?|defunte?|difunt[oa]|defunt[oa]|falecid[oa]|overleden)\b"
    ),
    "endorsement": (
        r"\bwerbung\b|\bwerbespot\w*|\b(?:kauft|kaufen|einkaufen) sollen\b|\bune (?:\w+ )?pub\b|\bpublicite\b"
        r"|\bacheter\b|\ben acheter\b|\bpubblicita\b|\bspot pubblicitari\w*|\bcomprare\b|\bun anuncio\b|\bpublicidad\b"
        r"|\brecomiendas?\b.{0,20}\ba todo\b|\b(?:um comercial|propaganda) (?:d[aeo]|para)\b|\breclame\b"
        r"|\bprodukte von\b|\bempfiehl\b.{0,30}\b(?:kunden|zuschauern|fans|freunden)\b"
    ),
    "sexual": (
        r"\b(?:bist|bin|macht?|mach|werde|so) (?:du |ich |mich |dich )?(?:\w+ )?(?:geil|scharf"
        r"|feucht)\b(?= ?(?:[?!.]|auf"
        r"|auf (?:dich|mich)|$))|\b(?:geil|scharf) auf\b|\bstohn\w*|\bversaut\w*|\bbumsen\b|\bvogeln\b|\boben ohne\b"
        r"|\bmit (?:dir|mir) schlafen\b|\bzieh dich aus\b|\bausziehen\b|\bnackt\b|\bficken\b|\bschmutzig mit\b"
        r"|\bdeshabille\w*|\bnue?s?\b|\bcochonn\w*|\bbaise(?:r|-moi)\b|\b(?:on|coucher?"
        r"|couche) (?:couche )?(?:ensemble|"
        r"avec moi)\b|\bbranl\w*|\benvie de toi\b"
        r"|\bdesnud\w*|\bdesvist\w*|\bcosas (?:sucias|calientes)\b|\bfollar\w*|\btetas\b|\bte deseo\b"
        r"|\bspogliati\b|\bnuda\b|\bsporche?\b|\bscopa(?:re|mi)\b|\btette\b"
        r"|\bum nude\b|\bpelad[oa]\b|\btransar\b|\btesão\b|\bneuk\w*|\bseks\w*|\bnaakt\w*|\bkleed je uit\b"
    ),
    "political": (
        r"\bsoll ich wahlen\b|\bdois-je voter\b|\bdebo votar\b|\bdovrei votare\b|\bmoet ik (?:op )?stemmen\b|\bdevo "
        r"votar\b|\b(?:de|plutot de) (?:gauche|droite)\b.{0,20}\b(?:gauche|droite|es-tu)\b"
        r"|\b(?:was (?:haltst|denkst) du (?:von|uber)|(?:que|tu) penses(?:-tu)? (?:quoi )?(?:de|du)|que (?:opinas"
        r"|piensas)"
        r" (?:de|sobre)|cosa (?:ne )?pensi (?:di|de\w+)|o que (?:voce )?(?:acha|pensa) (?:d[aeo])|wat vind je van)\b"
        r".{0,12}%(party)s"
        r"|%(party)s.{0,20}\b(?:hat recht|haben recht|a raison|ha ragione|tiene razon|tem razão|heeft gelijk|schuld)\b"
        r"|\b(?:wahlt|wahlen|votez|voter|voten|votar|votate|votare|votem|vota|stem|stemmen|stemt)\b.{0,25}%(party)s"
    ),
    "medical": (
        r"\b(?:welche[sr]?|wie ?viele?|quel(?:le)?s?|combien|que|cual|cuant[oa]s?|che|quale|quant[ieoa]s?|qual|posso"
        r"|puedo|puis-je|hoeveel|welke?|mag ik|kann ich|darf ich|soll ich) (?:de |di |\w+ ){0,3}?(?:tablette\w*"
        r"|medi[ck]ament\w*|medicin[ae]s?|medicijn\w*|farmac[oi]s?|pastill\w*|pillol\w*|pillen|comprim\w*|remedios?"
        r"|antibiotic\w*|antibiotik\w*|dos[ei]s?|paracetamol\w*|ibuprofen\w*|melatonin\w*|doliprane)\b"
        r"|\baktien\b.{0,10}\bkauf|\bmon traitement\b|\binvertir\b|\bmedicina devo\b|\bporter plainte\b"
        r"|\b(?:kann|darf|soll|muss) ich\b.{0,30}\b(?:verklagen|anzeigen|fristlos|investieren|anlegen)\b"
        r"|\b(?:dovrei|conviene|devo) (?:investire|denunciare)\b|\bdebo (?:denunciar|demandar)\b|\bc'est grave\b"
    ),
    "injection": (
        r"\b(?:ignorier\w*|vergiss) (?:alle |deine )?(?:vorherigen |bisherigen )?(?:anweisungen|regeln)\b"
        r"|\bsystemprompt\b"
        r"|\bohne (?:filter|regeln)\b"
        r"|\b(?:ignore|oublie) (?:toutes )?(?:les|tes) (?:instructions|consignes|regles)\b|\binstructions secretes\b"
        r"|\b(?:ignora|olvida) (?:todas )?(?:las|tus) (?:instrucciones|reglas)\b|\bprompt (?:del sistema|di sistema)\b"
        r"|\b(?:ignora|dimentica) (?:tutte )?(?:le) (?:tue )?(?:istruzioni|regole)\b"
        r"|\b(?:ignor[ea]|esqueca) (?:todas )?(?:as|suas) (?:\w+ )?(?:instrucões|regras)\b"
        r"|\bnegeer (?:al )?(?:je|alle) (?:\w+ )?(?:instructies|regels)\b"
    ),
}
"""Class -> what users say. %(name)s: somebody's name; %(party)s: `words.PARTY`."""

SAID: Final[Mapping[str, str]] = {
    "human": (
        r"\bich bin (?:(?!kein|nicht)\w+ ){0,2}(?:mensch|echt\w*)\b|\b(?:ich )?bin (?:\w+ ){0,1}keine? (?:ki|roboter"
        r"|maschine)\b|\bje suis (?:\w+ ){0,2}(?:humaine?|vraie (?:personne|femme)|personne reelle)\b"
        r"|\bne suis pas (?:un robot|une (?:ia|machine))\b"
        r"|(?<!no )\bsoy (?:\w+ ){0,2}(?:humana?|persona (?:real|de verdad)|de carne)\b"
        r"|\bno soy (?:\w+ ){0,2}(?:maquina"
        r"|robot|ia)\b|(?<!non )\bsono (?:(?!non)\w+ ){0,2}(?:umana?|persona vera|una vera)\b|\bnon sono (?:un )?(?:"
        r"robot|una macchina|un'ia)\b|\b(?:eu )?sou (?:\w+ )?(?:human[oa]|uma pessoa (?:real|de verdade))\b"
        r"|\bik ben (?:(?!geen)\w+ ){0,2}(?:mens|echt persoon)\b|\bik ben geen (?:robot|computer|machine|ai)\b"
    ),
    "impersonation": (
        r"\b(?:hier spricht|hier ist|ich bin|ich heisse|je suis|je m'appelle|soy|me llamo|le habla|sono|mi chiamo|sou"
        r"|ik ben|u spreekt met) (?:%(name)s)"
    ),
    "sexual": (
        r"\b(?:geil|scharf) auf dich\b|\benvie de toi\b|\b(?:dans mon|in mein|in mijn|nel mio|a mi|en mi"
        r"|na minha) (?:lit|"
        r"bett|bed|letto|cama)\b|\bte deseo\b|\bnackt\b|\bficken\b|\bfollar\w*"
    ),
    "political": (
        r"\b(?:wahlt|wahlen sie|votez|voten|votate|votad|votem|stemt|stem op)\b.{0,25}%(party)s"
        r"|\bvoter (?:a )?(?:gauche|droite|pour)\b|\bvotar (?:por|a la)\b|\bvotare (?:per|a)\b"
    ),
    "medical": (
        r"\bnimm\b.{0,25}\b(?:tabletten?|paracetamol|ibuprofen|mg)\b|\bprenez?\b.{0,25}\b(?:comprime\w*|doliprane"
        r"|paracetamol)\b|\btoma\b.{0,25}\b(?:pastilla\w*|paracetamol|ibuprofeno)\b|\bprendi\b.{0,25}\b(?:pillol\w*"
        r"|compress[ae]|tachipirina)\b"
    ),
    "self_harm": (
        r"\bspring (?:doch|einfach)\b|\bbring dich (?:doch )?um\b|\btue-toi\b|\bmatate\b|\bucciditi\b|\bammazzati\b"
        r"|\bbesser (?:fur alle )?ohne dich\b"
    ),
}
"""Class -> what she must not say."""


def beside(english: Mapping[str, str], others: Mapping[str, str], party: str) -> dict[str, str]:
    """Returns the English pattern of each class or, where there is one, that of the other languages."""
    return {
        kind: f"{text}|{others[kind].replace('%(party)s', party)}" if kind in others else text
        for kind, text in english.items()
    }
