package config

import (
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/internal/yamlfile"
)

// channels are those that Muster posts to beside the incidents' own.
type channels struct {
	announce yamlfile.Placed[slackid.Channel]
	managers yamlfile.Placed[slackid.Channel]
}

func (c *channels) value() yamlfile.Value {
	return yamlfile.Section(
		yamlfile.Property{Key: "announce", Value: yamlfile.Formed(channelForm, &c.announce)},
		yamlfile.Property{Key: "managers", Value: yamlfile.Formed(channelForm, &c.managers)},
	)
}

func (c *channels) check(*yamlfile.Reader, *document) {} // whether they exist, only Slack knows

func (c *channels) apply(p *policy.Policy) {
	p.Announce, p.Managers = c.announce.Value, c.managers.Value
}
