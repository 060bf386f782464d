package templates_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
)

// said holds an entry's sentence, as an answer repeats it.
func sentence(t testing.TB, s *story, e incident.Entry) string {
	t.Helper()
	return answer(t)(s.templates().Done(s.i, []incident.Entry{e})).Text
}

// facts are an entry of each kind as the domain writes it, and its sentence.
var facts = map[incident.EntryKind]struct {
	facts map[string]string
	want  string
}{
	incident.EntryDeclared: {
		map[string]string{"severity": "P1", "title": "Payments fail", "impact": "All of it"}, "declared P1 High: Payments fail",
	},
	incident.EntryAcknowledged: {map[string]string{"after": "4m12s"}, "acknowledged after 4 min"},
	incident.EntryUpdated: {
		map[string]string{"text": "Rolling back.", "status": "identified"}, "update posted, status identified; the next one is due ",
	},
	incident.EntrySeverity: {
		map[string]string{"from": "P2", "to": "P1", "direction": "raised"}, "raised the severity from P2 Medium to P1 High",
	},
	incident.EntryAssigned: {map[string]string{"role": "tech_lead", "user": "U0LEAD"}, "made <@U0LEAD> Tech Lead"},
	incident.EntryEscalated: {
		map[string]string{"from": "L1", "to": "L2", "why": "We need help."},
		"escalated from L1 to L2 (Senior engineer and tech lead) – We need help.",
	},
	incident.EntrySnoozed: {
		map[string]string{"for": "30m0s", "until": "2026-11-23T03:40:00Z"},
		"snoozed the next update reminder for 30 min, until <!date^1795405200^{date_short_pretty} {time}|2026-11-23 03:40 UTC>",
	},
	incident.EntryResolved:  {map[string]string{"after": "1h30m0s", "summary": "Rolled back."}, "resolved the incident after 1 h 30 min: Rolled back."},
	incident.EntryReopened:  {map[string]string{"why": "It's back."}, "reopened the incident: It's back."},
	incident.EntryCancelled: {map[string]string{"why": "false alarm"}, "cancelled the incident: false alarm"},
	incident.EntryClosed:    {nil, "closed the incident"},
	incident.EntryReminded: {
		map[string]string{"last": "2026-11-23T01:10:00Z", "late": "14m0s"},
		"asked for an update: the last one was 2 h ago; the reminder came 14 min late",
	},
	incident.EntryWarned: {map[string]string{"response": "1h0m0s"}, "warned that nobody has acknowledged for 1 h"},
	incident.EntryStep: {
		map[string]string{"step": "invitations", "reason": "<@U0GONE> couldn't be reached (deactivated)"},
		"invited people, but not everyone: <@U0GONE> couldn't be reached (deactivated)",
	},
	incident.EntryArchiving: {
		map[string]string{"at": "2026-11-30T03:40:00Z"},
		"announced that the channel will be archived <!date^1796010000^{date_short_pretty} {time}|2026-11-30 03:40 UTC>",
	},
	incident.EntryKept: {
		map[string]string{"until": "2026-11-30T03:40:00Z"},
		"kept the channel: it will be archived <!date^1796010000^{date_short_pretty} {time}|2026-11-30 03:40 UTC>",
	},
	incident.EntryArchived:   {nil, "archived the channel"},
	incident.EntryUnarchived: {nil, "returned to the channel"},
	incident.EntryCalledDirectly: {
		map[string]string{"levels": "L1, L2", "after": "1m0s"},
		"paged L1, L2 by direct message, since they couldn't be invited to the channel within 1 min",
	},
	incident.EntryChannelGone:  {map[string]string{"what": "archived"}, "found the channel gone: archived"},
	incident.EntryChannelMoved: {map[string]string{"channel": "C0NEW"}, "followed the channel to its new ID (<#C0NEW>)"},
	incident.EntryNobody:       {map[string]string{"reason": "the group is empty"}, "couldn't page anyone: the group is empty"},
	incident.EntryUndelivered:  {map[string]string{"what": "card", "reason": "channel is archived"}, "couldn't deliver card: channel is archived"},
	incident.EntryRetried:      {map[string]string{"count": "3"}, "retried failed deliveries (3)"},
	incident.EntryMerged: {
		map[string]string{"incident": "INC-6", "title": "Payments down", "channel": "C0SIX"},
		"merged the incident into INC-6: Payments down (<#C0SIX>)",
	},
	incident.EntrySeparated: {
		map[string]string{"incident": "INC-8", "title": "Checkout broken", "channel": "C0EIGHT"},
		"reopened INC-8 as an incident of its own: Checkout broken (<#C0EIGHT>)",
	},
	incident.EntryDuplicate: {
		map[string]string{"incident": "INC-8", "title": "Checkout broken", "channel": "C0EIGHT"},
		"merged INC-8 into this incident: Checkout broken (<#C0EIGHT>)",
	},
}

func TestEntries_EveryKind_HasASentence(t *testing.T) {
	s := atWork(t)
	for _, kind := range incident.EntryKinds() {
		c, ok := facts[kind]
		if !ok {
			t.Errorf("no example of %q", kind)
			continue
		}
		if got := sentence(t, s, incident.Entry{At: t0, By: ana, Kind: kind, Facts: c.facts}); !strings.HasPrefix(got, "INC-7: "+c.want) {
			t.Errorf("%s: got %q, want %q", kind, got, c.want)
		}
	}
}

// An escalation by the clock says why in words of its own.
func TestEntries_EscalatedByTheClock_SaysWhy(t *testing.T) {
	s := atWork(t)
	for because, want := range map[string]string{
		incident.EscalatedImmediately:    " – every P0 escalates to L2 immediately",
		incident.EscalatedUnacknowledged: " – not acknowledged after 2 h",
		incident.EscalatedUnmitigated:    " – not mitigated after 2 h",
	} {
		got := sentence(t, s, incident.Entry{At: t0, Kind: incident.EntryEscalated, Facts: map[string]string{
			"from": "L1", "to": "L2", "because": because, "after": "2h0m0s", "severity": "P0",
		}})
		if !strings.HasSuffix(got, want) {
			t.Errorf("%s: got %q, want it to end %q", because, got, want)
		}
	}
}

// Whichever facts are missing, as of an entry that an older version wrote, the
// sentence stays one.
func TestEntries_AnyFactAbsent_LeaveNoHole(t *testing.T) {
	s := atWork(t)
	for kind, c := range facts {
		for subset := range 1 << len(c.facts) {
			some, bit := map[string]string{}, 0
			for name, fact := range c.facts {
				if subset&(1<<bit) != 0 {
					some[name] = fact
				}
				bit++
			}
			got := sentence(t, s, incident.Entry{At: t0.Add(time.Minute), By: ana, Kind: kind, Facts: some})
			for _, hole := range []string{"  ", "<no value>", "%!", "()", ": \n", " ;", " ,", "–\n"} {
				if strings.Contains(got+"\n", hole) {
					t.Errorf("%s of %v has a hole %q: %q", kind, some, hole, got)
				}
			}
			if words := strings.Fields(got); len(words) < 2 || strings.HasSuffix(got, ":") || strings.HasSuffix(got, "–") {
				t.Errorf("%s of %v: %q", kind, some, got)
			}
		}
	}
}
