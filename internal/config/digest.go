package config

import (
	"fmt"
	"regexp"
	"time"
	_ "time/tzdata" // a container may have no zones of its own, and the check has to say the same everywhere

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// digest says when managers get theirs.
type digest struct {
	enabled  bool
	at       yamlfile.Placed[string] // 09:00
	timezone yamlfile.Placed[string]
}

const timeRight = `write hours and minutes in quotes, such as "09:00"`

var timeForm = yamlfile.Form{
	Pattern: regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`), Is: "a time of day",
	Right: func(string) string { return timeRight },
}

func (g *digest) value() yamlfile.Value {
	return yamlfile.Section(
		yamlfile.Property{Key: "enabled", Value: yamlfile.Bool(&g.enabled)},
		yamlfile.Property{Key: "at", Value: yamlfile.Formed(timeForm, &g.at)},
		yamlfile.Property{Key: "timezone", Value: yamlfile.Text(&g.timezone)},
	)
}

func (g *digest) check(r *yamlfile.Reader, _ *document) {
	zone := g.timezone.Value
	if _, err := time.LoadLocation(zone); err != nil || zone == "Local" { // which differs from replica to replica
		r.Problem(g.timezone.At, fmt.Sprintf("%q isn't a time zone", zone), "write UTC, or an area and a city such as Europe/Paris")
	}
}

func (g *digest) apply(p *policy.Policy) {
	at, err := time.Parse("15:04", g.at.Value)
	if err != nil {
		panic("config: " + err.Error()) // its form was checked: cannot happen
	}
	p.Digest = policy.Digest{
		Enabled: g.enabled, Timezone: g.timezone.Value,
		At: time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute,
	}
}
