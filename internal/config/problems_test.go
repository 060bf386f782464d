package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/internal/config"
)

const (
	person  = "write a person's ID, such as U061F7AUR (in Slack: their profile, ⋮, Copy member ID), or a user group's, such as S0615G0KT"
	channel = "write a channel's ID, such as C0G9QF9GW: open the channel's details in Slack, it's at the bottom"
)

func TestParse_WrongFile_ReportsEveryProblem(t *testing.T) {
	tests := []struct {
		name, file string
		want       []string // without the file's name
	}{
		// The form of the file.
		{"an open bracket", "people: [\nroles: {}\n", []string{
			"1:9: this isn't YAML: sequence end token ']' not found; check the indentation, brackets and quotes here and in the line before; a text with \": \" or \" #\" in it needs quotes",
		}},
		{"a tab", "people:\n\ttech_lead: [U061F7AUR]\n", []string{"2:1: this isn't YAML: a tab can't indent; use spaces"}},
		{"a bare @", "people:\n  tech_lead: [@anna]\n", []string{
			"2:15: this isn't YAML: '@' is a reserved character; put the value in quotes",
		}},
		{"two documents", "roles: {}\n---\npeople: {}\n", []string{"2:1: a second document starts here; keep one document: remove the line ---"}},
		{"not UTF-8", "roles: {}\n# caf\xe9\n", []string{"2:6: this isn't UTF-8; save the file as UTF-8"}},
		{"too large", "#" + strings.Repeat("x", 256<<10), []string{"1:1: the file is too large; at most 256 KiB are read"}},
		{"a list as a file", "- a\n", []string{`1:1: the configuration is a list; write a mapping: lines of "key: value", indented`}},

		// Keys.
		{"unknown keys", "severity: {}\nseverities:\n  P1: {respons: 1h, colour: red}\n", []string{
			`1:1: unknown key "severity" in the configuration; write "severities"`,
			`3:8: unknown key "respons" in P1; write "response"`,
			`3:21: unknown key "colour" in P1; it has to be one of name, synonyms, meaning, response, update, urgency, escalate`,
		}},
		{"a key twice, and thrice", "roles: {}\nroles: {}\nroles: {}\nseverities:\n  P0:\n    name: A\n    name: B\n", []string{
			`2:1: "roles" is already on line 1; keep one of the two`,
			`3:1: "roles" is already on line 1; keep one of the two`,
			`7:5: "name" is already on line 6; keep one of the two`,
		}},
		{"keys that are no words", "1: a\ntrue: b\n", []string{
			"1:1: this key of the configuration is a number; write a plain word before the colon",
			"2:1: this key of the configuration is true or false; write a plain word before the colon",
		}},
		{"unknown keys near none", "slack: {}\n", []string{
			`1:1: unknown key "slack" in the configuration; it has to be one of severities, levels, roles, people, channels, postmortem, snooze, archive, digest, access`,
		}},
		{"anchors and tags", "severities:\n  P0: &p {name: A}\n  P1: *p\n  <<: *p\n  P2: {name: !!str B}\n", []string{
			`2:7: P0 is an anchor or alias, which isn't supported; write a mapping: lines of "key: value", indented`,
			`3:7: P1 is an anchor or alias, which isn't supported; write a mapping: lines of "key: value", indented`,
			"4:3: this key of severities is an anchor or alias, which isn't supported; write a plain word before the colon",
			"5:14: P2's name is a tag, which isn't supported; write a text (what follows # is a comment)",
		}},

		// Types.
		{"wrong types", "severities:\n  P0: now\n  P1:\n    name: [High]\n    meaning: 7\n    response: yes\n    update: [2h]\n    escalate: {to: L2}\nlevels: 3\nroles: [a]\nchannels: {announce: 12}\n", []string{
			`2:7: P0 is a text; write a mapping: lines of "key: value", indented`,
			"4:11: P1's name is a list; write a text (what follows # is a comment)",
			`5:14: P1's meaning is a number; write a text; in quotes, if it is meant: "7"`,
			`6:15: P1's response is "yes", which isn't a duration; try 30m, 2h, 1h30m or 7d`,
			"7:13: P1's update is a list; try 30m, 2h, 1h30m or 7d",
			"8:15: P1's escalate is a mapping; write a list: begin each of its items with \"- \"",
			"9:9: levels is a number; write a list such as [a, b]",
			`10:8: roles is a list; write a mapping: lines of "key: value", indented`,
			`11:22: channels.announce is a number; write a text; in quotes, if it is meant: "12"`,
		}},
		{"no values", "severities:\n  P0:\n    name:\n    meaning: ' '\n    update:\n    escalate:\nlevels:\n", []string{
			"3:10: P0's name has no value; write a text (what follows # is a comment)",
			"4:14: P0's meaning is an empty text; write a text, or remove the line",
			"5:12: P0's update has no value; try 30m, 2h, 1h30m or 7d",
			"6:14: P0's escalate has no value; write a list such as [a, b], or [] for none",
			"7:9: levels has no value; write a list such as [a, b], or [] for none",
		}},

		// Durations.
		{"durations without a unit, or with another", "severities:\n  P0: {response: 30, update: 0}\n  P1: {response: 1 d, update: 30 min}\n  P2: {response: 2 weeks, update: soon}\n  P3: {response: 1.5, update: 90 minutes}\n", []string{
			`2:18: P0's response is "30", which isn't a duration; write 30m or 30s`,
			`2:30: P0's update is "0", which isn't a duration; write 0s`,
			`3:18: P1's response is "1 d", which isn't a duration; write 24h`,
			`3:31: P1's update is "30 min", which isn't a duration; write 30m`,
			`4:18: P2's response is "2 weeks", which isn't a duration; write 14d`,
			`4:35: P2's update is "soon", which isn't a duration; try 30m, 2h, 1h30m or 7d`,
			`5:18: P3's response is "1.5", which isn't a duration; try 30m, 2h, 1h30m or 7d`,
			`5:31: P3's update is "90 minutes", which isn't a duration; write 1h30m`,
		}},
		{"durations out of bounds", "severities:\n  P0: {response: 0s, update: -30m}\n  P1: {response: 721h, update: 10ms}\n  P2: {update: 1500ms, escalate: [{to: L2, after: -1s}]}\n", []string{
			"2:18: P0's response is 0s, which is too short; write at least 1s",
			"2:30: P0's update is -30m, which is negative; write at least 1s",
			"3:18: P1's response is 721h, which is too long; write at most 30d",
			"3:32: P1's update is 10ms, which is too short; write at least 1s",
			"4:16: P2's update is 1500ms, which is not in whole seconds; write 2s",
			"4:51: P2's escalation step's after is -1s, which is negative; write at least 0s",
		}},

		// The smaller sections.
		{"post-mortems", "postmortem:\n  severities: {P9: always, P1: allways, P2: true}\n  longer_than: never\n", []string{
			`2:16: unknown severity "P9"; write "P0"`,
			`2:32: P1 can't be "allways"; write "always"`,
			`2:45: P2 is true or false; write a text; in quotes, if it is meant: "true"`,
			`3:16: postmortem.longer_than is "never", which isn't a duration; try 30m, 2h, 1h30m or 7d`,
		}},
		{"snooze bounds", "snooze: {min: 2h, max: 1h}\n", []string{
			`1:24: the longest snooze, 1h, is shorter than the shortest, 2h; set snooze.max to at least snooze.min`,
		}},
		{"a snooze button out of bounds", "snooze:\n  min: 1h\n", []string{
			`2:8: the button's snooze, 30m, is not between 1h and 24h; set snooze.default to a duration between 1h and 24h`,
		}},
		{"archiving too soon, or never", "archive: {after: 1h}\n", []string{
			`1:18: archive.after is 1h, which is too short; write at least 24h`,
		}},
		{"digests", "digest: {enabled: \"yes\", at: 9am, timezone: CEST, to: C0}\nchannels: {managers: managers}\n", []string{
			`1:19: digest.enabled is a text; write true or false`,
			`1:30: "9am" isn't a time of day; write hours and minutes in quotes, such as "09:00"`,
			`1:45: "CEST" isn't a time zone; write UTC, or an area and a city such as Europe/Paris`,
			`1:51: unknown key "to" in digest; it has to be one of enabled, at, timezone`,
			`2:22: "managers" isn't a channel's ID; ` + channel,
		}},
		{"a zone that differs from host to host", "digest: {timezone: Local}\n", []string{
			`1:20: "Local" isn't a time zone; write UTC, or an area and a city such as Europe/Paris`,
		}},
		{"a milder severity that goes first", "severities:\n  P1: {urgency: normal}\n  P2: {urgency: high}\n  P3: {urgency: soon}\n", []string{
			`3:17: P2 would be more urgent than P1, which is worse; a severity can be at most as urgent as the one before it`,
			`4:17: P3's urgency can't be "soon"; it has to be one of urgent, high, normal`,
		}},

		// Severities and their steps.
		{"unknown severities", "severities:\n  sev9: {name: Nine, meaning: None, update: 1h}\n  critical: {}\n  p1: {}\n  4th: {}\n", []string{
			`2:9: sev9 has no "response"; add "response: …"`,
			`3:3: "critical" is another word for the severity P0; write P0`,
			`4:3: "p1" is another word for the severity P1; write P1`,
			`5:3: "4th" can't be a severity's key; use a letter, then letters, digits, - and _, such as P4; its name can be any text`,
		}},
		{"words for two severities", "severities:\n  P1: {name: p0, synonyms: [bad, LOW]}\n  P2: {synonyms: [bad]}\n", []string{
			`2:14: "p0" would mean both P1 and P0; keep it for one of the two`,
			`2:29: "bad" would mean both P1 and P2; keep it for one of the two`,
			`2:34: "LOW" would mean both P1 and P3; keep it for one of the two`,
			`3:19: "bad" would mean both P2 and P1; keep it for one of the two`,
		}},
		{"steps in the wrong order", "severities:\n  P2:\n    escalate:\n      - {to: L1, after: 1h}\n      - {to: L3, after: 1h}\n      - {to: L2, after: 30m}\n", []string{
			"4:14: P2 escalates to L1, which is called when it is declared; write L2 or higher",
			"5:25: this step of P2 comes after 1h, the one before it after 1h; each step has to come later than the one before; all are counted from when the severity was set",
			"6:14: P2 escalates to L2 after L3; each step has to go to a higher level than the one before",
			"6:25: this step of P2 comes after 30m, the one before it after 1h; each step has to come later than the one before; all are counted from when the severity was set",
		}},
		{"steps that are not whole", "severities:\n  P2:\n    escalate:\n      - {to: L2}\n      - after: 1h\n      - {to: two, aftr: 2h}\n      - L3\n", []string{
			`4:9: P2's escalation step has no "after"; add "after: …"`,
			`5:9: P2's escalation step has no "to"; add "to: …"`,
			`6:14: "two" isn't a level; write L2, L3 …`,
			`6:19: unknown key "aftr" in P2's escalation step; write "after"`,
			`7:9: P2's escalation step is a text; write a mapping: lines of "key: value", indented`,
		}},
		{"a level that there isn't", "severities:\n  P3: {escalate: [{to: L4, after: 1h}]}\n", []string{
			"2:24: P3 escalates to L4, but the levels end at L3; name an existing level, or add to levels",
		}},

		// Levels and roles.
		{"fewer levels than the defaults call", "levels:\n  - {name: All of us, roles: [on_call_engineer]}\n", []string{
			"2:3: P0 escalates to L2 by default, but the levels end at L1; add levels, or set severities.P0.escalate",
			"2:3: P1 escalates to L2 by default, but the levels end at L1; add levels, or set severities.P1.escalate",
		}},
		{"levels that call nobody", "levels:\n  - {name: A, roles: [on_call, tech_lead, tech_lead]}\n  - {name: B, roles: []}\n  - {name: C}\n  - {roles: [dba]}\n", []string{
			`2:23: unknown role "on_call"; write "on_call_engineer"`,
			"2:43: L1 has the role tech_lead twice; keep one of the two",
			"3:22: L2's roles is an empty list; name one at least, else it calls nobody",
			`4:5: L3 has no "roles"; add "roles: …"`,
			`5:5: L4 has no "name"; add "name: …"`,
			`5:14: unknown role "dba"; it has to be one of on_call_engineer, senior_engineer, tech_lead, engineering_manager, security_lead, customer_success, product_manager, sales_lead, legal, ciso, marketing_lead, ceo`,
		}},
		{"roles", "roles:\n  Tech Lead: {name: TL}\n  dba: {}\n  ceo: {}\n", []string{
			`2:3: "Tech Lead" can't be a role's key; use small letters, digits and _, such as tech_lead; its name can be any text`,
			`3:8: dba has no "name"; add "name: …"`,
		}},

		// People and channels.
		{"ill-formed people", "people:\n  on_call_engineer: ['@anna', u061f7aur, '<@U061F7AUR>', '<!subteam^S0615G0KT>', anna@example.com, C0G9QF9GW]\n  senior_engineer: U061F7AUR\n  tech_lead: [U061F7AUR, U061F7AUR]\n  engineering_manager: [7]\n", []string{
			`2:22: "@anna" isn't a person's ID; ` + person,
			`2:31: "u061f7aur" isn't a person's ID; write U061F7AUR`,
			`2:42: "<@U061F7AUR>" isn't a person's ID; write U061F7AUR`,
			`2:58: "<!subteam^S0615G0KT>" isn't a person's ID; write S0615G0KT`,
			`2:82: "anna@example.com" isn't a person's ID; ` + person,
			`2:100: "C0G9QF9GW" isn't a person's ID; ` + person,
			"3:20: senior_engineer is a text; write a list: [U061F7AUR]",
			"4:26: U061F7AUR holds tech_lead twice; keep one of the two",
			`5:25: this holder of engineering_manager is a number; write a text; in quotes, if it is meant: "7"`,
		}},
		{"roles that nobody holds", "people:\n  on_call_engineer: [S0615G0KT]\n  tech_lead: []\n", []string{
			`2:3: nobody holds the role senior_engineer, which L2 calls for P0, P1; add somebody to people: "senior_engineer: [U061F7AUR]"`,
			`2:3: nobody holds the role engineering_manager, which L3 calls for P0, P1; add somebody to people: "engineering_manager: [U061F7AUR]"`,
			`3:3: nobody holds the role tech_lead, which L2 calls for P0, P1; add somebody to people: "tech_lead: [U061F7AUR]"`,
		}},
		{"a role of one's own that nobody holds", "severities: {P0: {escalate: []}, P1: {escalate: []}}\nlevels: [{name: A, roles: [on_call_engineer, dba]}, {name: B, roles: [ceo]}]\nroles: {dba: {name: DBA}}\npeople: {on_call_engineer: [U061F7AUR]}\n", []string{
			`2:46: nobody holds the role dba, which L1 calls for every incident; add somebody to people: "dba: [U061F7AUR]"`,
		}},
		{"people in no role", "people:\n  on_call_engineer: [U1A]\n  senior_engineer: [U1A]\n  tech_laed: [U1A]\n  engineering_manager: [U1A]\n", []string{
			`4:3: unknown role "tech_laed"; write "tech_lead"`,
		}},
		{"a channel's name", "channels: {announce: '#incidents'}\n", []string{`1:22: "#incidents" isn't a channel's ID; ` + channel}},
		{"a channel's mention", "channels: {announce: <#C0G9QF9GW>}\n", []string{`1:22: "<#C0G9QF9GW>" isn't a channel's ID; write C0G9QF9GW`}},
		{"a channel that became a comment", "channels:\n  announce: #incidents\n", []string{
			"2:13: channels.announce has no value (what follows # is a comment); " + channel,
		}},
		{"an unknown channel", "channels: {anounce: C0G9QF9GW}\n", []string{`1:12: unknown key "anounce" in channels; write "announce"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := config.Parse("muster.yaml", []byte(test.file))
			if err == nil {
				t.Fatalf("it was taken: %+v", got)
			}
			want := "muster.yaml:" + strings.Join(test.want, "\nmuster.yaml:")
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
