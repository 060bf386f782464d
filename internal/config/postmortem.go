package config

import (
	"fmt"
	"slices"
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// postmortem says which incidents need one.
type postmortem struct {
	when       []*condition
	longerThan yamlfile.Placed[time.Duration]
	within     yamlfile.Placed[time.Duration]
}

// condition is when incidents of one severity need a post-mortem.
type condition struct {
	severity yamlfile.Placed[policy.Severity]
	when     yamlfile.Placed[policy.When]
}

// aLength is how long an incident may last without one; 0s = as long as it likes.
var aLength = yamlfile.Bounds{Least: time.Second, Most: 30 * 24 * time.Hour, OrZero: true}

// soon is how soon after an incident's end its post-mortem is to be scheduled.
var soon = yamlfile.Bounds{Least: time.Hour, Most: 30 * 24 * time.Hour}

func (m *postmortem) value() yamlfile.Value {
	return yamlfile.Section(
		yamlfile.Property{Key: "severities", Value: yamlfile.Mapping{
			Keys: severityForm.String(), New: new(condition).value().Schema, Entry: m.entry,
		}.Value()},
		yamlfile.Property{Key: "longer_than", Value: yamlfile.Duration(aLength, &m.longerThan)},
		yamlfile.Property{Key: "within", Value: yamlfile.Duration(soon, &m.within)},
	)
}

func (m *postmortem) entry(_ *yamlfile.Reader, e yamlfile.Pair) (yamlfile.Value, bool) {
	key := policy.Severity(e.Key)
	i := slices.IndexFunc(m.when, func(c *condition) bool { return c.severity.Value == key })
	if i < 0 {
		i = len(m.when)
		m.when = append(m.when, &condition{})
	}
	m.when[i].severity = yamlfile.Placed[policy.Severity]{Value: key, At: e.At}
	return m.when[i].value(), true
}

func (c *condition) value() yamlfile.Value {
	return yamlfile.Choice(&c.when, policy.Always, policy.CustomerImpact, policy.Never)
}

// check makes sure that the severities exist.
func (m *postmortem) check(r *yamlfile.Reader, d *document) {
	known := d.severities.keys()
	for _, c := range m.when {
		if key := string(c.severity.Value); !slices.Contains(known, key) {
			r.Problem(c.severity.At, fmt.Sprintf("unknown severity %q", key), yamlfile.OneOf(key, known))
		}
	}
}

func (m *postmortem) apply(p *policy.Policy) {
	p.PostMortem = policy.PostMortem{When: map[policy.Severity]policy.When{}, LongerThan: m.longerThan.Value, Within: m.within.Value}
	for _, c := range m.when {
		p.PostMortem.When[c.severity.Value] = c.when.Value
	}
}
