package config

import (
	"maps"
	"regexp"
	"strings"

	"muster/internal/yamlfile"
)

// Schema returns the JSON schema of a configuration file, so that editors
// complete and check it. It is made of the same sections that read the file; the
// descriptions are the comments of the defaults.
func Schema() ([]byte, error) {
	var d document
	own := yamlfile.NewEmbedded("defaults.yaml")
	d.read(own, defaults)
	if err := own.Err(); err != nil {
		return nil, err
	}
	s := d.value().Schema
	s.Dialect = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "Muster's configuration"
	for key, about := range comments(string(defaults)) {
		if section := s.Properties[key]; section != nil {
			section.Description = about[""]
			section.Describe(about)
		}
	}
	return s.JSON()
}

var (
	sectionLine   = regexp.MustCompile(`^([a-z_]+):`)
	keyComment    = regexp.MustCompile(`^ *# ([a-z_]+): +(\S.*)$`)
	moreOfComment = regexp.MustCompile(`^ *# {3,}(\S.*)$`)
	comment       = regexp.MustCompile(`^# (\S.*)$`)
)

// comments returns what the comments of a file say, by section and key; key "" is
// the section itself. What is before a section's line says what the section is
// for, and "# key: what it means" there or in the section says what a key means.
func comments(file string) map[string]map[string]string {
	all := map[string]map[string]string{}
	before := map[string]string{} // the paragraph above, which belongs to the next section
	about, key, open := before, "", true
	for line := range strings.Lines(file) {
		line = strings.TrimRight(line, "\n")
		if line == "" {
			before = map[string]string{}
			about, key, open = before, "", true
		} else if m := sectionLine.FindStringSubmatch(line); m != nil {
			about = maps.Clone(before)
			about[""] = strings.TrimRight(about[""], ":.") + "."
			all[m[1]], open = about, true
		} else if m := keyComment.FindStringSubmatch(line); m != nil && open {
			key = m[1]
			about[key] = m[2]
		} else if m := moreOfComment.FindStringSubmatch(line); m != nil && open {
			about[key] += " " + m[1]
		} else if m := comment.FindStringSubmatch(line); m != nil && open {
			key = ""
			about[key] = strings.TrimSpace(about[key] + " " + m[1])
		} else {
			open = false // an example, or values
		}
	}
	return all
}
