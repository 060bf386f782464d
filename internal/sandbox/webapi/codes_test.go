package webapi

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"muster/internal/sandbox/workspace"
)

// TestMethods_RandomCalls_AnswerDocumentedCodesOnly calls every method at random, rightly and
// wrongly, in workspaces in which much has happened. No method may answer a code
// that Slack does not document for it; and the calls go on until they have
// brought out every code that the source refuses a call with.
func TestMethods_RandomCalls_AnswerDocumentedCodesOnly(t *testing.T) {
	t.Parallel()
	const least, most = 5, 60
	missing, seen := codesInSource(t), map[string]bool{}
	for seed := range uint64(most) {
		if seed >= least && len(missing) == 0 {
			return
		}
		wander(t, seed, seen)
		missing = slices.DeleteFunc(missing, func(code string) bool { return seen[code] })
	}
	t.Errorf("no call was refused with %q: nothing is known of who answers them", missing)
}

// wander makes random calls in one workspace, and notes the codes it was answered.
func wander(t *testing.T, seed uint64, seen map[string]bool) {
	t.Helper()
	w := newTestWorkspace(t, zap.New(&strictCore{t}))
	w.Clock.Resume()
	c := newCaller(w, seed)
	switch seed % 4 {
	case 0: // an app of few scopes
		w.App.Scopes = []string{"chat:write", "channels:read", "channels:history", "im:write", "pins:write"}
	case 1:
		w.App.Home = false
	case 2:
		w.App.Messages = workspace.TabOff
	}
	for range 1500 {
		c.letTimePass()
		name := pick(c, c.names)
		answer := c.randomCall(name)
		if answer["ok"] == true {
			continue
		}
		code, _ := answer["error"].(string)
		seen[code] = true
		if m := w.api.methods[name]; m != nil && m.Token != "none" && !m.documents(code) { // api.test echoes any code
			t.Fatalf("%s answered %q, which Slack does not document for it", name, code)
		}
	}
}

// strictCore fails a test on whatever the workspace logs as an error: there it
// says, among others, that it has held back an undocumented code.
type strictCore struct{ t *testing.T }

func (c *strictCore) Enabled(l zapcore.Level) bool { return l >= zapcore.ErrorLevel }

func (c *strictCore) With([]zapcore.Field) zapcore.Core { return c }

func (c *strictCore) Sync() error { return nil }

func (c *strictCore) Check(e zapcore.Entry, ce *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(e.Level) {
		return ce.AddCore(e, c)
	}
	return ce
}

func (c *strictCore) Write(e zapcore.Entry, fields []zapcore.Field) error {
	m := zapcore.NewMapObjectEncoder()
	for _, f := range fields {
		f.AddTo(m)
	}
	c.t.Errorf("logged: %s %v", e.Message, m.Fields)
	return nil
}

var refusalCode = regexp.MustCompile(`(?:refusal\.New\(|Code: |joinedChannel\(c, |botMessage\(c, |return )"([a-z]+(?:_[a-z]+)+)"`)

// codesInSource are the codes that calls are refused with, as the files and the
// table of methods say.
func codesInSource(t *testing.T) []string {
	t.Helper()
	var files, codes []string
	for _, sources := range []string{"*.go", "../workspace/*.go", "../refusal/*.go"} {
		found, err := filepath.Glob(sources)
		if err != nil || len(found) == 0 {
			t.Fatalf("no source in %s: %v", sources, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(notCalls, filepath.Base(file)) {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range refusalCode.FindAllSubmatch(src, -1) {
			if code := string(found[1]); code != "fatal_error" && code != "internal_error" { // the workspace's own failures
				codes = append(codes, code)
			}
		}
	}
	table, err := ReadMethods()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range table {
		for _, a := range m.Args {
			codes = append(codes, a.Malformed, a.Missing)
		}
	}
	codes = slices.DeleteFunc(codes, func(code string) bool { return code == "" })
	slices.Sort(codes)
	return slices.Compact(codes)
}

// notCalls are the files whose codes answer something else: acks, response URLs
// and the control interface.
var notCalls = []string{"response_urls.go", "response_url.go", "faults.go"}
