package handlers

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

var snooze = command[time.Duration]{
	head:  head{name: incident.VerbSnooze, words: []string{"snooze"}},
	parse: parseLength,
	form: &form[time.Duration]{
		asks: func(length time.Duration) bool { return length == 0 },
		fields: func(f *templates.Form, _ incident.Incident, _ time.Duration) {
			limits := f.Policy().Snooze
			f.Duration(incident.FieldLength, limits.Default, offered(limits)...)
		},
		read: readLength,
	},
	button: func(p policy.Policy) time.Duration { return p.Snooze.Default },
	step:   incident.Incident.Snooze,
}

var length = regexp.MustCompile(`(?i)^(\d{1,4})\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?)?$`)

// parseLength reads "30", "30 min", "2 hours", "1d" or Go's "1h30m". A bare
// number is minutes.
func parseLength(in typed) (time.Duration, error) {
	if in.text == "" {
		return 0, nil
	}
	if m := length.FindStringSubmatch(in.text); m != nil {
		n, err := strconv.Atoi(m[1])
		unit := time.Minute
		switch name := strings.ToLower(m[2]); {
		case strings.HasPrefix(name, "h"):
			unit = time.Hour
		case strings.HasPrefix(name, "d"):
			unit = 24 * time.Hour
		}
		return time.Duration(n) * unit, err
	}
	d, err := time.ParseDuration(strings.ReplaceAll(in.text, " ", ""))
	if err != nil {
		return 0, incident.Reject("bad_snooze", incident.Args{"word": in.text})
	}
	return d, nil
}

func readLength(s templates.Sent) time.Duration {
	length, err := time.ParseDuration(s.Choice(incident.FieldLength))
	if err != nil {
		return 0 // which no snooze allows
	}
	return length
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
