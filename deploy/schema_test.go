package deploy_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"muster/internal/config"
)

var update = flag.Bool("update", false, "write muster.schema.json")

const schemaFile = "muster.schema.json"

func TestSchema_File_IsWhatTheProgramPrints(t *testing.T) {
	want, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(schemaFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := contentOf(t, schemaFile); !bytes.Equal(got, want) {
		t.Errorf("%s is out of date (go test ./deploy -update rewrites it)", schemaFile)
	}
}

func TestSchema_Samples_NameItInTheirFirstLine(t *testing.T) {
	for _, name := range []string{"muster.yaml", "sandbox.yaml"} {
		if !bytes.HasPrefix(contentOf(t, name), []byte("# yaml-language-server: $schema=./"+schemaFile+"\n")) {
			t.Errorf("%s does not name %s in its first line", name, schemaFile)
		}
	}
}

func TestSchema_RightFile_Validates(t *testing.T) {
	schema := compile(t)
	for _, name := range []string{"muster.yaml", "sandbox.yaml", "../internal/config/defaults.yaml"} {
		if at := wrongPlaces(t, schema, string(contentOf(t, name))); at != nil {
			t.Errorf("%s is wrong at %q", name, at)
		}
	}
	for _, file := range []string{
		"", "severities:\n  P0:\nroles:\npeople:\n  # on_call_engineer: [U061F7AUR]\nchannels:\n",
		"severities: {P4: {name: Note, meaning: A question, response: 7d, update: 1d12h, escalate: [{to: L2, after: 1h30m}]}}",
		"postmortem: {severities: {P4: always}, longer_than: 0s}", "digest: {at: 17:30, enabled: false}",
	} {
		if at := wrongPlaces(t, schema, file); at != nil {
			t.Errorf("%s is wrong at %q", file, at)
		}
	}
}

func TestSchema_WrongFile_FailsWhereItIsWrong(t *testing.T) {
	schema := compile(t)
	for file, place := range map[string]string{
		"- a":                                  "",
		"severity: {}":                         "",
		"severities: [P0]":                     "/severities",
		"severities: {P0: now}":                "/severities/P0",
		"severities: {P0: {respons: 5m}}":      "/severities/P0",
		"severities: {P0: {response: 5}}":      "/severities/P0/response",
		"severities: {P0: {response: soon}}":   "/severities/P0/response",
		"severities: {P0: {response: 30 min}}": "/severities/P0/response",
		"severities: {P0: {update: 1h2d}}":     "/severities/P0/update",
		"severities: {P0: {urgency: soon}}":    "/severities/P0/urgency",
		"severities: {P0: {synonyms: sev0}}":   "/severities/P0/synonyms",
		"severities: {P9: {name: Nine}}":       "/severities/P9",
		"severities: {4th: {name: A, meaning: B, response: 1h, update: 1h}}": "/severities",
		"severities: {P0: {escalate: L2}}":                                   "/severities/P0/escalate",
		"severities: {P0: {escalate: [{}]}}":                                 "/severities/P0/escalate/0",
		"levels: []":                                                         "/levels",
		"levels: [{name: A, roles: []}]":                                     "/levels/0/roles",
		"levels: [{roles: [tech_lead]}]":                                     "/levels/0",
		"roles: {Tech Lead: {name: Lead}}":                                   "/roles",
		"roles: {dba: {}}":                                                   "/roles/dba",
		"roles: {tech_lead: {title: Lead}}":                                  "/roles/tech_lead",
		"people: {tech_lead: U061F7AUR}":                                     "/people/tech_lead",
		"people: {tech_lead: ['@ana']}":                                      "/people/tech_lead/0",
		"channels: {announce: '#incidents'}":                                 "/channels/announce",
		"channels: {managers:}":                                              "/channels/managers",
		"postmortem: {severities: {P0: maybe}}":                              "/postmortem/severities/P0",
		"postmortem: {longer_than: never}":                                   "/postmortem/longer_than",
		"snooze: {minimum: 1m}":                                              "/snooze",
		"archive: {after: 0}":                                                "/archive/after",
		"digest: {at: 9am}":                                                  "/digest/at",
		"digest: {enabled: 'yes'}":                                           "/digest/enabled",
		"severities: {P0: {escalate: [{to: two, after: 1h}]}}":               "/severities/P0/escalate/0/to",
	} {
		if at := wrongPlaces(t, schema, file); !slices.Equal(at, []string{place}) {
			t.Errorf("%s is wrong at %q, want %q", file, at, place)
		}
		if _, err := config.Parse("muster.yaml", []byte(file)); err == nil {
			t.Errorf("%s is wrong to the schema only", file)
		}
	}
}

// Everything that can be set is described, in the words of the defaults' comments.
func TestSchema_EveryKey_IsDescribed(t *testing.T) {
	var walk func(at string, s *jsonschema.Schema)
	walk = func(at string, s *jsonschema.Schema) {
		if s == nil {
			return
		}
		for key, property := range s.Properties {
			chosen := s.PropertyNames != nil // by people: "P0", "tech_lead"
			if !chosen && property.Description == "" {
				t.Errorf("%s/%s has no description", at, key)
			}
			walk(at+"/"+key, property)
		}
		walk(at+"/0", s.Items2020)
		if more, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
			walk(at+"/*", more)
		}
	}
	walk("", compile(t))
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	file, err := jsonschema.UnmarshalJSON(bytes.NewReader(contentOf(t, schemaFile)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaFile, file); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// wrongPlaces returns where a file is wrong, as JSON pointers, each once.
func wrongPlaces(t *testing.T, schema *jsonschema.Schema, file string) []string {
	t.Helper()
	var content any
	if err := yaml.Unmarshal([]byte(file), &content); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	err := schema.Validate(content)
	if err == nil {
		return nil
	}
	wrong, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		t.Fatal(err)
	}
	var places []string
	var collect func(e *jsonschema.ValidationError)
	collect = func(e *jsonschema.ValidationError) {
		_, key := e.ErrorKind.(*kind.PropertyNames) // its causes are about the key alone, and have no place
		if len(e.Causes) == 0 || key {
			place := ""
			if len(e.InstanceLocation) > 0 {
				place = "/" + strings.Join(e.InstanceLocation, "/")
			}
			places = append(places, place)
			return
		}
		for _, cause := range e.Causes {
			collect(cause)
		}
	}
	collect(wrong)
	slices.Sort(places)
	return slices.Compact(places)
}

func contentOf(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
