package config

import (
	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// access says who may use Muster besides the workspace's members.
type access struct{ guests, external bool }

func (a *access) value() yamlfile.Value {
	return yamlfile.Section(
		yamlfile.Property{Key: "guests", Value: yamlfile.Bool(&a.guests)},
		yamlfile.Property{Key: "external", Value: yamlfile.Bool(&a.external)},
	)
}

func (a *access) check(*yamlfile.Reader, *document) {} // whatever it says fits

func (a *access) apply(p *policy.Policy) {
	p.Access = policy.Access{Guests: a.guests, External: a.external}
}
