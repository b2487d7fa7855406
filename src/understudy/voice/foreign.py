"""German, Spanish, French and Italian words as English phones, for timing and lip shapes.

The aligner's acoustic model and every later stage know the 39 English phones; each sound of the other language is given
by the English phone nearest to it in place of articulation (German and Spanish ch/j -> HH, front rounded u -> UW,
nasal vowels -> their oral vowel and N). The rules are the regular part of each spelling, longest match first; times
found with them are good for the mouth, not for phonetics.
"""

import re
import unicodedata
from functools import cache

RULES = {
    "de": "tsch=CH sch=SH ch=HH ck=K ph=F th=T qu=K_V sp=SH_P st=SH_T ei=AY ai=AY ey=AY ie=IY eu=OY äu=OY au=AW "
    "ee=EY aa=AA oo=OW ah=AA eh=EY ih=IY oh=OW uh=UW äh=EH öh=ER üh=UW ng=NG nk=NG_K tz=T_S ß=S ss=S pf=P_F "
    "er$=AH en$=AH_N e$=AH ä=EH ö=ER ü=UW a=AA e=EH i=IH o=AO u=UH y=IY b=B c=K d=D f=F g=G h=HH j=Y k=K l=L "
    "m=M n=N p=P r=R s=Z t=T v=F w=V x=K_S z=T_S",
    "es": "ch=CH ll=Y rr=R qu=K gü=G_W gu(?=[ei])=G c(?=[ei])=S g(?=[ei])=HH ñ=N_Y z=S j=HH h= v=B ai=AY ay=AY "
    "au=AW ei=EY ey=EY eu=EH_UW ie=Y_EH ia=Y_AA io=Y_OW ua=W_AA ue=W_EH uo=W_OW a=AA e=EH i=IY o=OW u=UW y=IY "
    "á=AA é=EH í=IY ó=OW ú=UW ü=UW b=B c=K d=D f=F g=G k=K l=L m=M n=N p=P r=R s=S t=T w=W x=K_S",
    "fr": "eaux=OW eau=OW aux=OW au=OW oin(?![aeiouyéè])=W_AE_N oi=W_AA ou=UW où=UW ain(?![aeiouyéè])=AE_N "
    "ein(?![aeiouyéè])=AE_N ien(?![aeiouyéèn])=Y_AE_N in(?![aeiouyéèn])=AE_N im(?=[bp])=AE_N "
    "un(?![aeiouyéèn])=AH_N on(?![aeiouyéèn])=AO_N om(?=[bp])=AO_N an(?![aeiouyéèn])=AA_N am(?=[bp])=AA_N "
    "en(?![aeiouyéèn])=AA_N em(?=[bp])=AA_N eu=ER œu=ER ai=EH ei=EH ch=SH ph=F th=T gn=N_Y qu=K ill=IY_Y "
    "gu(?=[eiéè])=G g(?=[eiyéè])=ZH c(?=[eiyéè])=S ç=S j=ZH er$=EY ez$=EY es$= ent$=AA_N e$= é=EY è=EH ê=EH "
    "ë=EH à=AA â=AA î=IY ï=IY ô=OW û=UW ù=UW ss=S s(?=[aeiouyéè])=Z [sxtdpz]$= h= a=AA e=AH i=IY o=OW u=UW "
    "y=IY b=B c=K d=D f=F g=G k=K l=L m=M n=N p=P q=K r=R s=S t=T v=V w=W x=K_S z=Z",
    "it": "sci(?=[aou])=SH sc(?=[ei])=SH gli=L_Y gn=N_Y chi(?=[aou])=K_Y ch=K gh=G ci(?=[aou])=CH c(?=[ei])=CH "
    "gi(?=[aou])=JH g(?=[ei])=JH qu=K_W zz=T_S z=T_S h= s(?=[bdglmnrv])=Z a=AA à=AA e=EH è=EH é=EH i=IY ì=IY "
    "o=OW ò=OW u=UW ù=UW b=B c=K d=D f=F g=G j=Y k=K l=L m=M n=N p=P r=R s=S t=T v=V w=V x=K_S y=IY",
}
"""Language -> 'letters=phones' rules; letters are a regular expression, '_' parts phones, no phone is silence."""


@cache
def spell_foreign(word: str, language: str) -> tuple[str, ...]:
    """Returns the phones of a word of 'de', 'es', 'fr' or 'it' without stress; other languages read as Italian."""
    letters = unicodedata.normalize("NFC", word.lower())
    rules = _rules(language[:2] if language[:2] in RULES else "it")
    phones: list[str] = []
    at = 0
    while at < len(letters):
        for pattern, sounds in rules:
            found = pattern.match(letters, at)
            if found and found.end() > at:
                phones += sounds
                at = found.end()
                break
        else:
            at += 1
    return tuple(p for i, p in enumerate(phones) if i == 0 or p != phones[i - 1]) or ("AH",)


@cache
def _rules(language: str) -> list[tuple[re.Pattern[str], list[str]]]:
    pairs = (rule.rpartition("=") for rule in RULES[language].replace("(?=", "(?~").split())
    return [(re.compile(left.replace("(?~", "(?=")), right.split("_") if right else []) for left, _, right in pairs]
