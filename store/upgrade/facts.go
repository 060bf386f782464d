package upgrade

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/internal/slackid"
)

// converter makes facts of sentences, entry by entry.
type converter struct {
	declared time.Time
	severity string // as of the entry
}

// facts returns what the present transitions would have recorded.
func (c *converter) facts(l line) (map[string]string, error) {
	facts := maps.Clone(l.Data)
	if facts == nil {
		facts = map[string]string{}
	}
	var err error
	switch l.Kind {
	case incident.EntryDeclared:
		c.severity = facts["severity"]
	case incident.EntryAcknowledged, incident.EntryResolved:
		facts["after"] = l.At.Sub(c.declared).String()
	case incident.EntrySeverity:
		c.severity = facts["to"]
		err = direct(facts)
	case incident.EntryEscalated:
		err = c.escalated(l, facts)
	case incident.EntrySnoozed:
		err = snoozed(l, facts)
	case incident.EntryReminded:
		err = reminded(l, facts)
	case incident.EntryWarned:
		err = duration(facts, "response")
	case incident.EntryStep:
		facts["step"] = string(incident.StepInvite)
		facts["reason"], err = after(l.Text, "Invitations: ")
	case incident.EntryRetried:
		facts["count"], err = after(l.Text, "Retried what could not be delivered: ")
	case incident.EntryUpdated, incident.EntryAssigned, incident.EntryReopened, incident.EntryCancelled,
		incident.EntryClosed, incident.EntryUndelivered:
	default:
		err = fmt.Errorf("%q is no kind of entry", l.Kind)
	}
	maps.DeleteFunc(facts, func(_, fact string) bool { return fact == "" })
	if len(facts) == 0 {
		facts = nil
	}
	return facts, err
}

// direct says whether a severity was raised or lowered: schema 1 had four, P0 the
// worst.
func direct(facts map[string]string) error {
	from, to := facts["from"], facts["to"]
	if !v1Severity.MatchString(from) || !v1Severity.MatchString(to) {
		return fmt.Errorf("from %q to %q is no change of severity", from, to)
	}
	facts["direction"] = "lowered"
	if to < from {
		facts["direction"] = "raised"
	}
	return nil
}

var v1Severity = regexp.MustCompile(`^P[0-3]$`)

// escalated tells why the clock escalated, which was a sentence.
func (c *converter) escalated(l line, facts map[string]string) error {
	why := facts["why"]
	if l.By != slackid.Muster {
		if why == "by hand" { // nobody had said why
			delete(facts, "why")
		}
		return nil
	}
	delete(facts, "why")
	facts["severity"], facts["after"] = c.severity, time.Duration(0).String()
	span, found := strings.CutPrefix(why, "after ")
	if !found {
		facts["because"] = incident.EscalatedImmediately
		return nil
	}
	facts["because"] = incident.EscalatedUnmitigated
	if rest, unacknowledged := strings.CutSuffix(span, " without acknowledgement"); unacknowledged {
		facts["because"], span = incident.EscalatedUnacknowledged, rest
	}
	facts["after"] = strings.TrimSuffix(span, " without mitigation")
	return duration(facts, "after")
}

func snoozed(l line, facts map[string]string) error {
	until, err := time.Parse(time.RFC3339, facts["until"])
	if err != nil {
		return err
	}
	facts["until"] = until.UTC().Format(time.RFC3339)
	facts["for"] = until.Sub(l.At).Round(time.Second).String() // it was written in whole seconds
	return nil
}

func reminded(l line, facts map[string]string) error {
	if strings.Contains(l.Text, "No update since it was declared") {
		delete(facts, "last")
	}
	if facts["late"] == "" {
		return nil
	}
	return duration(facts, "late")
}

// after returns what follows a sentence's beginning.
func after(sentence, beginning string) (string, error) {
	rest, ok := strings.CutPrefix(sentence, beginning)
	if !ok {
		return "", fmt.Errorf("%q does not begin with %q", sentence, beginning)
	}
	return rest, nil
}

// duration writes a fact such as "1 h 30 min" as Go does.
func duration(facts map[string]string, name string) error {
	units := map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
	words := strings.Fields(facts[name])
	var sum time.Duration
	for i := 0; i+1 < len(words); i += 2 {
		n, err := strconv.Atoi(words[i])
		unit, known := units[words[i+1]]
		if err != nil || !known {
			return fmt.Errorf("%s %q is no length of time", name, facts[name])
		}
		sum += time.Duration(n) * unit
	}
	if len(words) == 0 || len(words)%2 != 0 {
		return fmt.Errorf("%s %q is no length of time", name, facts[name])
	}
	facts[name] = sum.String()
	return nil
}
