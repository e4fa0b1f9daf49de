"""Slack's names for emoji: `:tada:`, `:flag-fr:`, `:wave::skin-tone-3:`.

Slack names emoji as github.com/iamcal/emoji-data does; the `emoji` library knows GitHub's and
Unicode's names. What the two spell differently is here.
"""

import re

import emoji

_JOINER = "\u200d"
_SKIN_TONES = {str(number): chr(0x1F3F9 + number) for number in range(2, 7)}
# `:name:`, and its skin tone where it has one; what it finds goes to `from_shortcode`.
SHORTCODE = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-([2-6]):)?")

# The parts of families and couples, such as man-woman-girl-boy and woman-kiss-woman.
_PARTS = {
    "man": "👨",
    "woman": "👩",
    "girl": "👧",
    "boy": "👦",
    "heart": "❤️",
    "kiss": "❤️\u200d💋",
}

_OWN_NAMES = {
    "bald_person": "🧑\u200d🦲",
    "barely_sunny": "🌥️",
    "beetle": "🪲",
    "bride_with_veil": "👰",
    "curly_haired_person": "🧑\u200d🦱",
    "drum_with_drumsticks": "🥁",
    "egg": "🥚",
    "eject": "⏏️",
    "email": "✉️",
    "face_palm": "🤦",
    "face_with_cowboy_hat": "🤠",
    "face_with_finger_covering_closed_lips": "🤫",
    "face_with_one_eyebrow_raised": "🤨",
    "face_with_open_mouth_vomiting": "🤮",
    "female-doctor": "👩\u200d⚕️",
    "fencer": "🤺",
    "first_place_medal": "🥇",
    "giraffe_face": "🦒",
    "grinning_face_with_one_large_and_one_small_eye": "🤪",
    "grinning_face_with_star_eyes": "🤩",
    "guardsman": "💂",
    "hand_with_index_and_middle_fingers_crossed": "🤞",
    "handball": "🤾",
    "i_love_you_hand_sign": "🤟",
    "juggling": "🤹",
    "keycap_star": "*️⃣",
    "kiwifruit": "🥝",
    "knife_fork_plate": "🍽️",
    "ladybug": "🐞",
    "lightning": "🌩️",
    "lightning_cloud": "🌩️",
    "male-doctor": "👨\u200d⚕️",
    "man-wrestling": "🤼\u200d♂️",
    "man_and_woman_holding_hands": "👫",
    "man_with_turban": "👳",
    "mate_drink": "🧉",
    "medal": "🎖️",
    "mostly_sunny": "🌤️",
    "mother_christmas": "🤶",
    "octagonal_sign": "🛑",
    "ok_woman": "🙆",
    "partly_sunny_rain": "🌦️",
    "person_doing_cartwheel": "🤸",
    "person_with_headscarf": "🧕",
    "rain_cloud": "🌧️",
    "red_haired_person": "🧑\u200d🦰",
    "satellite": "🛰️",
    "scooter": "🛴",
    "second_place_medal": "🥈",
    "serious_face_with_symbols_covering_mouth": "🤬",
    "shocked_face_with_exploding_head": "🤯",
    "shopping_trolley": "🛒",
    "simple_smile": "🙂",
    "smiling_face_with_3_hearts": "🥰",
    "smiling_face_with_smiling_eyes_and_hand_covering_mouth": "🤭",
    "snow_cloud": "🌨️",
    "snowman": "☃️",
    "spock-hand": "🖖",
    "staff_of_aesculapius": "⚕️",
    "sun_behind_cloud": "🌥️",
    "sun_small_cloud": "🌤️",
    "the_horns": "🤘",
    "third_place_medal": "🥉",
    "tornado_cloud": "🌪️",
    "umbrella": "☂️",
    "white_haired_person": "🧑\u200d🦳",
    "woman-wrestling": "🤼\u200d♀️",
    "womans_flat_shoe": "🥿",
    "wrestlers": "🤼",
    "zebra_face": "🦓",
}


def from_name(name: str) -> str | None:
    """The emoji that Slack calls `name` (no colons), or None: a custom one, or none at all."""
    if name in _OWN_NAMES:
        return _OWN_NAMES[name]
    if name.startswith("skin-tone-"):
        return _SKIN_TONES.get(name.removeprefix("skin-tone-"))
    if re.fullmatch(r"flag-[a-z]{2}", name):
        flag = "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in name[5:])
        return flag if emoji.is_emoji(flag) else None
    parts = name.split("-")
    if len(parts) > 1 and all(part in _PARTS for part in parts):
        return _JOINER.join(_PARTS[part] for part in parts)
    for spelling in _spellings(name):
        for language in ("alias", "en"):
            found = emoji.emojize(f":{spelling}:", language=language)
            if emoji.is_emoji(found):
                return found
    return None


def _spellings(name: str) -> list[str]:
    plain = name.replace("-", "_")
    gendered = re.sub(r"^(fe)?male_", lambda match: "woman_" if match[1] else "man_", plain)
    bearded = re.sub(r"^(woman|man)_with_(beard)$", r"\1_\2", gendered)
    bunnies = re.sub(r"^wom[ae]n_with_bunny", "women_with_bunny", gendered)
    bunnies = re.sub(r"^m[ae]n_with_bunny", "men_with_bunny", bunnies)
    bunnies = bunnies.removesuffix("_partying")
    coloured = re.sub(r"^large_([a-z]+_(?:circle|square))$", r"\1", plain)
    flag = re.sub(r"^flag_(england|scotland|wales)$", r"\1", plain)
    return [name, plain, gendered, bearded, bunnies, coloured, flag]


def _coloured(sign: str, tone: str) -> str:
    """With a skin tone, where this emoji takes one."""
    first, rest = sign[0], sign[1:].removeprefix("\ufe0f")
    toned = first + _SKIN_TONES[tone] + rest
    return toned if emoji.is_emoji(toned) else sign


def from_shortcode(match: re.Match[str]) -> str | None:
    """The emoji for what SHORTCODE found, or None when it names none that Unicode has."""
    name, tone = match[1], match[2]
    before = match.string[match.start() - 1 : match.start()]
    if name.isdigit() and before.isdigit():  # 12:100:00 is no emoji
        return None
    sign = from_name(name)
    return _coloured(sign, tone) if sign and tone else sign
