package yamlfile_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"muster/internal/yamlfile"
)

// hostile are files as large as one may be, made to cost much.
func hostile() map[string]string {
	fill := func(before, part, after string) string {
		return before + strings.Repeat(part, (yamlfile.MaxSize-len(before)-len(after))/len(part)) + after
	}
	var staircase, laughs, keys strings.Builder
	for n := 0; staircase.Len() < yamlfile.MaxSize-2000; n++ {
		staircase.WriteString(strings.Repeat(" ", n) + "a:\n")
	}
	laughs.WriteString("a0: &a0 ha\n")
	for n := 1; laughs.Len() < 200_000; n++ {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s]\n", n, n, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", n-1), 9), ","))
	}
	for n := 0; keys.Len() < yamlfile.MaxSize-20; n++ {
		fmt.Fprintf(&keys, "k%d: v\n", n)
	}
	return map[string]string{
		"brackets": fill("", "[", ""), "brackets closed": strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		"brackets after a key": fill("people: ", "[", ""), "brackets, too many closed": fill("[", "]", ""),
		"braces": fill("", "{", ""), "braces with keys": fill("", "{a: ", ""), "mixed": fill("", "[{a: ", ""),
		"dashes": fill("", "- ", ""), "dashes with keys": fill("", "- a: ", ""), "staircase": staircase.String(),
		"question marks": fill("", "? ", ""), "explicit keys": fill("", "? a\n", ""), "in brackets": fill("[", "? a,", "]"),
		"tags": fill("", "!!a ", ""), "anchors": fill("", "&a ", ""), "aliases": fill("", "*a ", ""), "laughs": laughs.String(),
		"commas": fill("[", ",", ""), "documents": fill("", "---\n", ""), "directives": fill("", "%a\n", ""),
		"a quote": fill(`"`, "a\n", ""), "colons": fill("", ": ", ""), "keys in a row": fill("", "a: ", ""), "keys": keys.String(),
		"many lists": fill("", "- "+strings.Repeat("[", 50)+strings.Repeat("]", 50)+"\n", ""),
	}
}

// The figures are far above what a file needs, and far below what the parser
// takes of some of these when nobody looks first.
func TestRoot_HostileFile_CostsLittle(t *testing.T) {
	for name, file := range hostile() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		r := yamlfile.NewReader("a.yaml")
		r.Root([]byte(file))
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%s: %s, %d MB; %v", name, took.Round(time.Millisecond), allocated, r.Err())
		if took > 20*time.Second || allocated > 250 {
			t.Errorf("%s: took %s and %d MB", name, took, allocated)
		}
	}
}

func TestRoot_NestedTooDeep_SaysWhere(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{"a: b\nc: " + strings.Repeat("[", 65), "a.yaml:2:67: this is nested more than 64 levels deep"},
		{strings.Repeat("- ", 65), "a.yaml:1:129: this is nested more than 64 levels deep"},
		{"a: b\n? c\n: d", `a.yaml:2:1: this isn't supported: a key that begins with "?"`},
	} {
		r := yamlfile.NewReader("a.yaml")
		if r.Root([]byte(test.file)); r.Err() == nil || !strings.HasPrefix(r.Err().Error(), test.want) {
			t.Errorf("got %v, want %s", r.Err(), test.want)
		}
	}
	for _, file := range []string{
		"a: " + strings.Repeat("[", 60) + strings.Repeat("]", 60),
		strings.Repeat("- {a: [1, 2]}\n", 500),
		strings.Repeat("- a:\n    b: c\n", 500),
	} {
		r := yamlfile.NewReader("a.yaml")
		if r.Root([]byte(file)); r.Err() != nil {
			t.Errorf("refused %.30q…: %v", file, r.Err())
		}
	}
}

func TestCheck_Aliases_AreRefusedWithTheirPlace(t *testing.T) {
	err := yamlfile.Check("app.yaml", []byte("a: &a [ha]\nb: [*a, *a]\n"))
	if err == nil || !strings.HasPrefix(err.Error(), "app.yaml:2:5: this is an alias") || !strings.Contains(err.Error(), "app.yaml:2:9") {
		t.Errorf("got %v", err)
	}
	if err := yamlfile.Check("app.json", []byte(`{"a": ["*b", "&c"]}`)); err != nil {
		t.Errorf("JSON is refused: %v", err)
	}
}

// Whatever a file holds, reading it costs little.
func FuzzRoot(f *testing.F) {
	f.Add("a: [b, {c: d}]", uint(3))
	for _, file := range hostile() {
		f.Add(file[:40], uint(100))
	}
	f.Fuzz(func(t *testing.T, file string, times uint) {
		if len(file) > 1000 {
			return
		}
		file = strings.Repeat(file, int(times%1000)+1)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := yamlfile.NewReader("a.yaml")
		r.Root([]byte(file))
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 16<<20+uint64(2<<10*min(len(file), yamlfile.MaxSize)) {
			t.Errorf("%d bytes took %d MB", len(file), allocated>>20)
		}
	})
}
