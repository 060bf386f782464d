package config

import (
	"fmt"
	"regexp"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// roles are what people can be assigned to, in the order of the menu.
type roles []*role

type role struct {
	key  string
	name yamlfile.Placed[string]
}

var roleForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (all *roles) value() yamlfile.Value {
	return yamlfile.Mapping{
		Keys: roleForm.String(), Known: all.keys(),
		Old: new(role).value(false).Schema, New: new(role).value(true).Schema,
		Entry: all.entry,
	}.Value()
}

// entry finds the role behind a key. A new one comes after the others.
func (all *roles) entry(r *yamlfile.Reader, e yamlfile.Pair) (yamlfile.Value, bool) {
	if !roleForm.MatchString(e.Key) {
		r.Problem(e.At, fmt.Sprintf("%q can't be a role's key", e.Key), "use small letters, digits and _, such as tech_lead; its name can be any text")
		return yamlfile.Value{}, false
	}
	for _, known := range *all {
		if known.key == e.Key {
			return known.value(false), true
		}
	}
	added := &role{key: e.Key}
	*all = append(*all, added)
	return added.value(true), true
}

func (r *role) value(isNew bool) yamlfile.Value {
	return yamlfile.Object(yamlfile.Property{Key: "name", Required: isNew, Value: yamlfile.Text(&r.name)})
}

func (all *roles) keys() []string {
	var keys []string
	for _, r := range *all {
		keys = append(keys, r.key)
	}
	return keys
}

func (all *roles) check(*yamlfile.Reader, *document) {} // others check whether they name a role that exists

func (all *roles) apply(p *policy.Policy) {
	for _, r := range *all {
		p.Roles = append(p.Roles, policy.RolePolicy{Role: policy.Role(r.key), Name: r.name.Value})
	}
}
