package templates

import (
	"reflect"
	"testing"

	"muster/internal/incident"
	"muster/internal/policy"
)

// TestTemplatesSeeNothingRaw: whatever a template can reach is either mrkdwn or
// cannot hold what people wrote.
func TestTemplatesSeeNothingRaw(t *testing.T) {
	harmless := map[reflect.Type]bool{
		reflect.TypeFor[mrkdwn]():          true,
		reflect.TypeFor[[]mrkdwn]():        true,
		reflect.TypeFor[bool]():            true,
		reflect.TypeFor[int]():             true,
		reflect.TypeFor[incident.Number](): true,
		reflect.TypeFor[policy.Severity](): true,
		reflect.TypeFor[page]():            true,
		reflect.TypeFor[[]page]():          true,
		reflect.TypeFor[[]helpLine]():      true,
	}
	for _, data := range []any{page{}, done{}, listing{}, help{}, helpLine{}} {
		seen := reflect.TypeOf(data)
		for m := range seen.Methods() {
			if out := m.Type.Out(0); !harmless[out] {
				t.Errorf("%s.%s gives templates a %s", seen, m.Name, out)
			}
		}
		if seen.Kind() != reflect.Struct {
			continue
		}
		for f := range seen.Fields() {
			if f.IsExported() && !harmless[f.Type] {
				t.Errorf("%s.%s gives templates a %s", seen, f.Name, f.Type)
			}
		}
	}
}
