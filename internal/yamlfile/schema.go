package yamlfile

import "encoding/json"

// Schema describes a value to editors and validators, as JSON Schema does
// (json-schema.org/draft/2020-12): the few words of it that files like ours need.
type Schema struct {
	Dialect              string             `json:"$schema,omitempty"`
	Title                string             `json:"title,omitempty"`
	Description          string             `json:"description,omitempty"`
	Type                 Types              `json:"type,omitempty"`
	Enum                 []string           `json:"enum,omitempty"`
	Pattern              string             `json:"pattern,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	MinItems             int                `json:"minItems,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	PropertyNames        *Schema            `json:"propertyNames,omitempty"`
	AdditionalProperties any                `json:"additionalProperties,omitempty"` // false, or a *Schema
	Required             []string           `json:"required,omitempty"`
}

// Types are the JSON types that a value may have.
type Types []string

// MarshalJSON writes a single type as itself, as people do.
func (t Types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// Describe sets the descriptions of the properties in s, however deep, by their keys.
func (s *Schema) Describe(by map[string]string) {
	if s == nil {
		return
	}
	for key, property := range s.Properties {
		if text := by[key]; text != "" {
			described := *property // the same value may stand behind several keys
			described.Description = text
			property = &described
			s.Properties[key] = property
		}
		property.Describe(by)
	}
	s.Items.Describe(by)
	if more, ok := s.AdditionalProperties.(*Schema); ok {
		more.Describe(by)
	}
}

// JSON writes the schema as a file.
func (s *Schema) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(s, "", "  ")
	return append(b, '\n'), err
}
