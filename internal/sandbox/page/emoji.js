// emoji.js: the common emoji by the names that Slack gives them.

const table = `
+1 👍 -1 👎 100 💯 a 🅰️ alarm_clock ⏰ ambulance 🚑 anger 💢 arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_up ⬆️
arrows_counterclockwise 🔄 ballot_box_with_check ☑️ bangbang ‼️ bar_chart 📊 beer 🍺 bell 🔔 black_circle ⚫ blue_heart 💙
book 📖 bookmark 🔖 books 📚 boom 💥 bow 🙇 bug 🐛 bulb 💡 busts_in_silhouette 👥 cake 🍰 calendar 📅
chart_with_downwards_trend 📉 chart_with_upwards_trend 📈 clap 👏 clipboard 📋 clock1 🕐 cloud ☁️ coffee ☕ computer 💻
construction 🚧 credit_card 💳 cry 😢 dart 🎯 date 📅 desktop_computer 🖥️ earth_africa 🌍 email 📧 exclamation ❗ eyes 👀
fire 🔥 fire_engine 🚒 flag-white 🏳️ floppy_disk 💾 gear ⚙️ ghost 👻 globe_with_meridians 🌐 green_heart 💚 grey_question ❔
grin 😁 grinning 😀 hammer 🔨 hammer_and_wrench 🛠️ hand ✋ handshake 🤝 heart ❤️ heavy_check_mark ✔️ heavy_minus_sign ➖
heavy_plus_sign ➕ heavy_exclamation_mark ❗ hourglass ⌛ hourglass_flowing_sand ⏳ house 🏠 information_source ℹ️ joy 😂 key 🔑 label 🏷️
large_blue_circle 🔵 large_blue_square 🟦 large_green_circle 🟢 large_green_square 🟩 large_orange_circle 🟠
large_orange_square 🟧 large_purple_circle 🟣 large_red_square 🟥 large_yellow_circle 🟡 large_yellow_square 🟨
link 🔗 lock 🔒 loud_sound 🔊 loudspeaker 📢 mag 🔍 mailbox 📫 mega 📣 memo 📝 moneybag 💰 mute 🔇 muscle 💪 mobile_phone_off 📴
no_bell 🔕 no_entry ⛔ no_entry_sign 🚫 ok ✅ ok_hand 👌 open_book 📖 open_mouth 😮 o ⭕ package 📦 page_facing_up 📄 pager 📟 paperclip 📎
party_popper 🎉 partying_face 🥳 pencil 📝 pencil2 ✏️ phone ☎️ point_down 👇 point_left 👈 point_right 👉 point_up ☝️
police_car 🚓 pray 🙏 purple_heart 💜 pushpin 📌 question ❓ racehorse 🐎 raised_hand ✋ raised_hands 🙌 recycle ♻️ red_circle 🔴
repeat 🔁 robot_face 🤖 rocket 🚀 rotating_light 🚨 round_pushpin 📍 running 🏃 satellite 🛰️ scream 😱 scroll 📜 see_no_evil 🙈
shield 🛡️ shrug 🤷 siren 🚨 skull 💀 slightly_frowning_face 🙁 slightly_smiling_face 🙂 smile 😄 smiley 😃 snail 🐌 sob 😭
sparkles ✨ speech_balloon 💬 star ⭐ stopwatch ⏱️ sunglasses 😎 tada 🎉 telephone_receiver 📞 test_tube 🧪 thinking_face 🤔
thumbsdown 👎 thumbsup 👍 ticket 🎫 timer_clock ⏲️ triangular_flag_on_post 🚩 trophy 🏆 turtle 🐢 unlock 🔓 warning ⚠️
wastebasket 🗑️ watch ⌚ wave 👋 white_check_mark ✅ white_circle ⚪ wrench 🔧 writing_hand ✍️ x ❌ yellow_heart 💛 zap ⚡ zzz 💤
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣`;

const words = table.trim().split(/\s+/);
const known = new Map(words.flatMap((w, i) => (i % 2 ? [] : [[w, words[i + 1]]])));

// code is an emoji's name between colons, with or without a skin tone.
export const code = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/;

// emoji is the character of that name, or its code where the page knows none.
export const emoji = (name) => known.get(name) || `:${name}:`;

// emojis puts them in the place of their codes in a text.
export const emojis = (text) => text.replace(new RegExp(code, "g"), (_, name) => emoji(name));
