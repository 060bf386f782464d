package config

import (
	"time"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// archive says when the channel of an incident that is over is archived.
type archive struct {
	after yamlfile.Placed[time.Duration]
}

// aDelay leaves a day for the announcement; 0s = never.
var aDelay = yamlfile.Bounds{Least: policy.ArchiveNotice, Most: 365 * 24 * time.Hour, OrZero: true}

func (a *archive) value() yamlfile.Value {
	return yamlfile.Section(yamlfile.Property{Key: "after", Value: yamlfile.Duration(aDelay, &a.after)})
}

func (a *archive) check(*yamlfile.Reader, *document) {} // its one value has no others to fit

func (a *archive) apply(p *policy.Policy) { p.Archive = policy.Archive{After: a.after.Value} }
