package templates

import (
	"reflect"
	"testing"

	"muster/internal/incident"
)

// TestViews_GiveTemplates_NothingRaw: whatever a template can reach is mrkdwn,
// cannot hold what people wrote, or is a view of which the same is true.
func TestViews_GiveTemplates_NothingRaw(t *testing.T) {
	harmless := map[reflect.Type]bool{
		reflect.TypeFor[mrkdwn]():          true,
		reflect.TypeFor[bool]():            true,
		reflect.TypeFor[int]():             true,
		reflect.TypeFor[incident.Number](): true,
		reflect.TypeFor[error]():           true,
	}
	seen := map[reflect.Type]bool{}
	var look func(where string, v reflect.Type)
	look = func(where string, v reflect.Type) {
		for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
			v = v.Elem()
		}
		if harmless[v] || seen[v] {
			return
		}
		seen[v] = true
		if v.Kind() != reflect.Struct || v.PkgPath() != reflect.TypeFor[frame]().PkgPath() {
			t.Errorf("%s gives templates a %s", where, v)
			return
		}
		for m := range v.Methods() {
			for out := range m.Type.Outs() {
				look(v.Name()+"."+m.Name, out)
			}
		}
		for f := range v.Fields() {
			if f.IsExported() {
				look(v.Name()+"."+f.Name, f.Type)
			}
		}
	}
	for _, data := range []any{messageView{}, doneView{}, listView{}, helpView{}, failedView{}, rejectionView{}, entryView{}} {
		look("words", reflect.TypeOf(data))
	}
	if len(seen) < 15 {
		t.Errorf("only %d views were looked at", len(seen))
	}
}
