// The common emoji by Slack's names; a name that isn't here is shown as typed, :like_this:.

import { el } from "./dom.js";

const NAMES = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|100 💯|1234 🔢|abc 🔤|airplane ✈️|alarm_clock ⏰|ambulance 🚑|anger 💢|angry 😠|apple 🍎
|arrow_down ⬇️|arrow_forward ▶️|arrow_left ⬅️|arrow_right ➡️|arrow_up ⬆️|arrows_counterclockwise 🔄|art 🎨|astonished 😲
|baby 👶|balloon 🎈|bar_chart 📊|bear 🐻|beer 🍺|bell 🔔|no_bell 🔕|bike 🚲|bird 🐦|birthday 🎂|black_circle ⚫|blue_heart 💙
|black_square_button 🔲|black_heart 🖤|blush 😊|bomb 💣|book 📖|books 📚|boom 💥|bow 🙇|brain 🧠|bread 🍞|briefcase 💼|broken_heart 💔|bug 🐛
|bulb 💡|bust_in_silhouette 👤|busts_in_silhouette 👥|cake 🍰|calendar 📆|date 📅|spiral_calendar_pad 🗓️|calling 📲|camera 📷|car 🚗
|cat 🐱|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|checkered_flag 🏁|cherry_blossom 🌸|clap 👏|clapper 🎬|clipboard 📋
|clock1 🕐|clock9 🕘|clock12 🕛|closed_lock_with_key 🔐|lock 🔒|unlock 🔓|key 🔑|cloud ☁️|coffee ☕|computer 💻|confetti_ball 🎊
|confused 😕|construction 🚧|cookie 🍪|cop 👮|cry 😢|crystal_ball 🔮|crown 👑|dancer 💃|dart 🎯|dog 🐶|droplet 💧|ear 👂|earth_africa 🌍
|earth_americas 🌎|email 📧|envelope ✉️|exclamation ❗|heavy_exclamation_mark ❗|expressionless 😐|eye 👁️|eyes 👀|face_palm 🤦
|fire 🔥|fireworks 🎆|fist ✊|flushed 😳|four_leaf_clover 🍀|fries 🍟|gear ⚙️|gem 💎|ghost 👻|gift 🎁|globe_with_meridians 🌐|grey_question ❔
|green_apple 🍏|green_book 📗|green_heart 💚|green_circle 🟢|large_green_circle 🟢|grin 😁|grinning 😀|guitar 🎸|hamburger 🍔|hammer 🔨
|hammer_and_wrench 🛠️|wrench 🔧|handshake 🤝|hash #️⃣|headphones 🎧|heart ❤️|heart_eyes 😍|heavy_check_mark ✔️|heavy_minus_sign ➖
|heavy_multiplication_x ✖️|heavy_plus_sign ➕|herb 🌿|hourglass ⌛|hourglass_flowing_sand ⏳|house 🏠|hugging_face 🤗|inbox_tray 📥|outbox_tray 📤
|information_source ℹ️|innocent 😇|jack_o_lantern 🎃|joy 😂|kissing_heart 😘|label 🏷️|large_blue_circle 🔵|red_circle 🔴|white_circle ⚪
|large_yellow_circle 🟡|large_orange_circle 🟠|large_purple_circle 🟣|laughing 😆|leaves 🍃|ledger 📒|link 🔗|linked_paperclips 🖇️|paperclip 📎
|loud_sound 🔊|loudspeaker 📢|mega 📣|mag 🔍|mag_right 🔎|mailbox 📫|man 👨|woman 👩|massage 💆|medal 🏅|memo 📝|pencil 📝|pencil2 ✏️
|microphone 🎤|moneybag 💰|monkey_face 🐵|moon 🌔|crescent_moon 🌙|movie_camera 🎥|muscle 💪|mute 🔇|nerd_face 🤓|neutral_face 😐|new 🆕|new_moon 🌑
|newspaper 📰|no_entry ⛔|no_entry_sign 🚫|no_good 🙅|no_mouth 😶|notebook 📓|ocean 🌊|octagonal_sign 🛑|ok 🆗|ok_hand 👌|open_file_folder 📂
|file_folder 📁|open_hands 👐|orange_heart 🧡|package 📦|page_facing_up 📄|palm_tree 🌴|partying_face 🥳|pause_button ⏸️|double_vertical_bar ⏸️
|penguin 🐧|phone ☎️|iphone 📱|pizza 🍕|point_down 👇|point_left 👈|point_right 👉|point_up ☝️|point_up_2 👆|pray 🙏|purple_heart 💜|pushpin 📌
|round_pushpin 📍|question ❓|rabbit 🐰|radio 📻|radio_button 🔘|rainbow 🌈|raised_hand ✋|hand ✋|raised_hands 🙌|raising_hand 🙋|recycle ♻️
|relaxed ☺️|relieved 😌|repeat 🔁|robot_face 🤖|rocket 🚀|rolling_on_the_floor_laughing 🤣|rose 🌹|rotating_light 🚨|running 🏃|scales ⚖️
|school 🏫|scissors ✂️|scream 😱|seedling 🌱|see_no_evil 🙈|shield 🛡️|ship 🚢|shrug 🤷|skull 💀|sleeping 😴|slightly_frowning_face 🙁
|slightly_smiling_face 🙂|smile 😄|smiley 😃|smirk 😏|sob 😭|soccer ⚽|sos 🆘|sparkle ❇️|sparkler 🎇|sparkles ✨|sparkling_heart 💖
|speaker 🔈|speech_balloon 💬|left_speech_bubble 🗨️|star ⭐|star2 🌟|stopwatch ⏱️|strawberry 🍓|sunflower 🌻|sunglasses 😎|sun_with_face 🌞
|sunny ☀️|sunrise 🌅|sweat 😓|sweat_smile 😅|syringe 💉|tada 🎉|tea 🍵|telephone_receiver 📞|tent ⛺|thinking_face 🤔|thought_balloon 💭|ticket 🎫
|timer_clock ⏲️|tired_face 😫|tomato 🍅|tools 🛠️|traffic_light 🚥|train 🚋|triangular_flag_on_post 🚩|triangular_ruler 📐|trophy 🏆|tropical_drink 🍹
|truck 🚚|trumpet 🎺|tulip 🌷|turtle 🐢|tv 📺|umbrella ☔|unamused 😒|unicorn_face 🦄|up 🆙|upside_down_face 🙃|v ✌️|vertical_traffic_light 🚦
|video_camera 📹|walking 🚶|warning ⚠️|wastebasket 🗑️|watch ⌚|wave 👋|waving_white_flag 🏳️|weary 😩|whale 🐳|white_check_mark ✅
|white_large_square ⬜|black_large_square ⬛|ballot_box_with_check ☑️|white_heart 🤍|wine_glass 🍷|wink 😉|world_map 🗺️|worried 😟|writing_hand ✍️|x ❌|yellow_heart 💛
|yum 😋|zap ⚡|zipper_mouth_face 🤐|zzz 💤|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟
|flag-fr 🇫🇷|fr 🇫🇷|flag-it 🇮🇹|it 🇮🇹|flag-gb 🇬🇧|gb 🇬🇧|flag-us 🇺🇸|us 🇺🇸|flag-de 🇩🇪|de 🇩🇪|flag-es 🇪🇸|es 🇪🇸|bangbang ‼️|interrobang ⁉️
|copyright ©️|registered ®️|tm ™️|eight_spoked_asterisk ✳️|small_blue_diamond 🔹|small_orange_diamond 🔸|large_blue_diamond 🔷|white_small_square ▫️|black_small_square ▪️
`;

const EMOJI = new Map(NAMES.trim().split("|").map((pair) => pair.trim().split(" ")));
const TONES = { 2: "🏻", 3: "🏼", 4: "🏽", 5: "🏾", 6: "🏿" };

/** Slack's emoji names and their characters. */
export function emojiNames() {
  return [...EMOJI.entries()];
}

/** One emoji, or its name between colons when it is unknown. `unicode` is Slack's "1f44d-1f3fd". */
export function emojiNode(name, { unicode, tone } = {}) {
  let text = EMOJI.get(name);
  if (unicode && /^[0-9a-f]{1,6}(-[0-9a-f]{1,6})*$/i.test(unicode)) {
    text = String.fromCodePoint(...unicode.split("-").map((code) => Math.min(parseInt(code, 16), 0x10ffff)));
  } else if (text && TONES[tone]) text += TONES[tone];
  if (!text) return document.createTextNode(`:${name}:`);
  return el("span", { class: "emoji", role: "img", "aria-label": `:${name}:`, title: `:${name}:` }, text);
}

/** Nodes for a text in which :names: become emoji. */
export function withEmoji(text) {
  const out = [];
  let last = 0;
  for (const match of text.matchAll(/:([a-z0-9_+'-]+):(?::?skin-tone-([2-6]):)?/g)) {
    if (!EMOJI.has(match[1])) continue;
    if (match.index > last) out.push(text.slice(last, match.index));
    out.push(emojiNode(match[1], { tone: match[2] }));
    last = match.index + match[0].length;
  }
  if (last < text.length) out.push(text.slice(last));
  return out;
}
