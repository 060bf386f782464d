package handlers

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

var snooze = command[incident.Pause]{
	head:  head{name: incident.VerbSnooze, words: []string{"snooze"}},
	parse: parsePause,
	form: &form[incident.Pause]{
		asks: incident.Pause.IsZero,
		fields: func(f *templates.Form, _ incident.Incident, _ incident.Pause) {
			limits := f.Policy().Snooze
			f.Duration(incident.FieldLength, limits.Default, offered(limits)...)
		},
		read: readPause,
	},
	button:   func(p policy.Policy) incident.Pause { return incident.Pause{For: p.Snooze.Default} },
	complete: inTheirZone,
	step:     incident.Incident.Snooze,
}

var (
	forWord   = regexp.MustCompile(`(?i)^(?:for|in)\s+`)
	timeOfDay = regexp.MustCompile(`(?i)^(until|till|til|to|at)?\s*([0-9]{1,2})(?:[:.h]([0-9]{2}))?\s*([ap]m)?$`)
)

// parsePause reads a duration, as in "30 min", "for 2h" or "1h30", or a time of
// day, as in "until 09:00", "9:30" or "until 9pm".
func parsePause(in typed) (incident.Pause, error) {
	if in.text == "" {
		return incident.Pause{}, nil
	}
	if d, ok := incident.ParseSpan(forWord.ReplaceAllString(in.text, "")); ok && d > 0 {
		return incident.Pause{For: d}, nil
	}
	if m := timeOfDay.FindStringSubmatch(in.text); m != nil && (m[1]+m[3]+m[4]) != "" {
		if t, ok := readTimeOfDay(m[2], m[3], strings.ToLower(m[4])); ok {
			return incident.Pause{Until: &t}, nil
		}
	}
	return incident.Pause{}, incident.Reject("bad_snooze", incident.Args{"word": in.text})
}

// readTimeOfDay reads what a clock shows, of 24 hours or of twice 12.
func readTimeOfDay(hour, minute, half string) (t incident.TimeOfDay, ok bool) {
	t.Hour, _ = strconv.Atoi(hour)
	t.Minute, _ = strconv.Atoi(minute)
	if half != "" {
		if t.Hour < 1 || t.Hour > 12 {
			return t, false
		}
		t.Hour %= 12
		if half == "pm" {
			t.Hour += 12
		}
	}
	return t, t.Hour < 24 && t.Minute < 60
}

// inTheirZone sets a time of day in the zone of whoever named it.
func inTheirZone(ctx context.Context, h *Handlers, r Request, p incident.Pause) (incident.Pause, error) {
	if p.Until == nil {
		return p, nil
	}
	t, err := *p.Until, error(nil)
	t.Zone, err = h.zone(ctx, r.User)
	return incident.Pause{Until: &t}, err
}

func readPause(s templates.Sent) incident.Pause {
	length, err := time.ParseDuration(s.Choice(incident.FieldLength))
	if err != nil {
		return incident.Pause{} // which no policy allows
	}
	return incident.Pause{For: length}
}

// offered returns the lengths to choose from: the button's, and a few that are
// within the policy's limits.
func offered(limits policy.Snooze) []time.Duration {
	all := []time.Duration{limits.Default}
	for _, d := range []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		if d >= limits.Min && d <= limits.Max && d != limits.Default {
			all = append(all, d)
		}
	}
	slices.Sort(all)
	return all
}
