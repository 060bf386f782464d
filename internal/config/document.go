package config

import (
	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// document is a configuration as it was written: its sections, with the place of
// whatever a check might complain of.
type document struct {
	severities severities
	levels     levels
	roles      roles
	people     people
	channels   channels
	postmortem postmortem
	snooze     snooze
	archive    archive
	digest     digest
	access     access
}

// section is what stands behind one of the file's outermost keys.
type section interface {
	// value reads a file's values on top of what the section already has, and
	// describes them.
	value() yamlfile.Value
	// check finds what is wrong with the section beside the others. It complains
	// of the user's file only: where a default no longer fits, at what made it
	// unfit.
	check(r *yamlfile.Reader, d *document)
	// apply puts the section into the policy, after those before it. It has to
	// have been checked.
	apply(p *policy.Policy)
}

// row is a section and its key.
type row struct {
	key string
	section
}

// sections lists them, in the order in which they are applied.
func (d *document) sections() []row {
	return []row{
		{"severities", &d.severities},
		{"levels", &d.levels},
		{"roles", &d.roles},
		{"people", &d.people},
		{"channels", &d.channels},
		{"postmortem", &d.postmortem},
		{"snooze", &d.snooze},
		{"archive", &d.archive},
		{"digest", &d.digest},
		{"access", &d.access},
	}
}

func (d *document) value() yamlfile.Value {
	var all []yamlfile.Property
	for _, s := range d.sections() {
		all = append(all, yamlfile.Property{Key: s.key, Value: s.value()})
	}
	return yamlfile.Document(all...)
}

// read puts a file's values on top of what the document already has.
func (d *document) read(r *yamlfile.Reader, file []byte) {
	d.value().Read(r, r.Root(file), "the configuration")
}

func (d *document) check(r *yamlfile.Reader) {
	for _, s := range d.sections() {
		s.check(r, d)
	}
}

// policy returns the document as the domain wants it. It has to have been checked.
func (d *document) policy() policy.Policy {
	var p policy.Policy
	for _, s := range d.sections() {
		s.apply(&p)
	}
	return p
}

// firstWritten returns the first of the places that is in the user's file.
func firstWritten(places ...yamlfile.Place) yamlfile.Place {
	for _, at := range places {
		if at.Written() {
			return at
		}
	}
	return yamlfile.Place{}
}
