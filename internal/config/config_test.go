package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/config"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/internal/yamlfile"
)

func TestDefault_NoFile_IsTheProcess(t *testing.T) {
	const h = time.Hour
	got := config.Default()
	want := []policy.SeverityPolicy{
		{
			Severity: policy.P0, Urgency: policy.Urgent, Name: "Critical", Synonyms: []string{"sev0", "critical"}, Meaning: "Complete outage, data breach", Response: 15 * time.Minute, Update: 30 * time.Minute,
			Escalate: []policy.Step{{To: 2, After: 0}, {To: 3, After: h}},
		},
		{
			Severity: policy.P1, Urgency: policy.High, Name: "High", Synonyms: []string{"sev1", "high"}, Meaning: "Major functionality impaired", Response: h, Update: 2 * h,
			Escalate: []policy.Step{{To: 2, After: 2 * h}, {To: 3, After: 4 * h}},
		},
		{Severity: policy.P2, Urgency: policy.Normal, Name: "Medium", Synonyms: []string{"sev2", "medium"}, Meaning: "Minor functionality issues", Response: 4 * h, Update: 2 * h},
		{Severity: policy.P3, Urgency: policy.Normal, Name: "Low", Synonyms: []string{"sev3", "low"}, Meaning: "Cosmetic or enhancement", Response: 24 * h, Update: 2 * h},
	}
	if diff := cmp.Diff(want, got.Policy.Severities); diff != "" {
		t.Errorf("severities (-want +got):\n%s", diff)
	}
	levels := []policy.LevelPolicy{
		{Name: "On-call engineer", Roles: []policy.Role{policy.OnCallEngineer}},
		{Name: "Senior engineer and tech lead", Roles: []policy.Role{"senior_engineer", "tech_lead"}},
		{Name: "Engineering manager and external resources", Roles: []policy.Role{"engineering_manager"}},
	}
	if diff := cmp.Diff(levels, got.Policy.Levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
	if n := len(got.Policy.Roles); n != 12 || got.Policy.Roles[0].Role != policy.OnCallEngineer {
		t.Errorf("%d roles, the first is %q; want 12 that begin with the on-call engineer", n, got.Policy.Roles[0].Role)
	}
	if len(got.Warnings) != 1 || !strings.HasPrefix(got.Warnings[0], "nobody is configured: ") {
		t.Errorf("warnings %q; want the one that nobody is configured", got.Warnings)
	}
}

// The user's file may say as little as it likes; the rest stays as it is.
func TestParse_PartialFile_KeepsTheOtherDefaults(t *testing.T) {
	got, err := config.Parse("muster.yaml", []byte(`
severities:
  P0: {response: 5m}
  P2:
    escalate: [{to: L2, after: 30s}, {to: L4, after: 72h}]
levels:
  - {name: First,  roles: [on_call_engineer]}
  - {name: Second, roles: [dba]}
  - {name: Third,  roles: [tech_lead]}
  - {name: "Fourth  and\tlast", roles: [dba, tech_lead]}
roles:
  tech_lead: {name: Lead}
  dba: {name: Database Administrator}
people:
  on_call_engineer: [S0615G0KT]
  dba: [U061F7AUR, W012A3CDE]
  tech_lead: [U061F7AUR]
channels:
  announce: C0G9QF9GW
`))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default().Policy
	p0, p2 := &want.Severities[0], &want.Severities[2]
	p0.Response = 5 * time.Minute
	p2.Escalate = []policy.Step{{To: 2, After: 30 * time.Second}, {To: 4, After: 72 * time.Hour}}
	want.Levels = []policy.LevelPolicy{
		{Name: "First", Roles: []policy.Role{"on_call_engineer"}},
		{Name: "Second", Roles: []policy.Role{"dba"}},
		{Name: "Third", Roles: []policy.Role{"tech_lead"}},
		{Name: "Fourth and last", Roles: []policy.Role{"dba", "tech_lead"}},
	}
	for n := range want.Roles {
		switch want.Roles[n].Role {
		case "on_call_engineer":
			want.Roles[n].Holder = policy.NewPeople(nil, []slackid.Group{"S0615G0KT"})
		case "tech_lead":
			want.Roles[n].Name = "Lead"
			want.Roles[n].Holder = policy.NewPeople([]slackid.User{"U061F7AUR"}, nil)
		}
	}
	want.Roles = append(want.Roles, policy.RolePolicy{
		Role: "dba", Name: "Database Administrator",
		Holder: policy.NewPeople([]slackid.User{"U061F7AUR", "W012A3CDE"}, nil),
	})
	want.Announce = "C0G9QF9GW"
	if diff := cmp.Diff(config.Config{Policy: want}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParse_FileThatSaysNothing_IsTheDefaults(t *testing.T) {
	for name, content := range map[string]string{
		"empty":             "",
		"a comment":         "# nothing yet\n",
		"a document marker": "---\n",
		"a directive":       "%YAML 1.2\n---\n",
		"a byte order mark": "\ufeff# from Windows\r\n",
		"empty sections":    "severities:\n  P0:\nroles:\npeople:\n  # on_call_engineer: [U061F7AUR]\nchannels:\n",
		"nobody":            "people: {}\n",
		"the defaults":      defaultsFile(t),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := config.Parse("muster.yaml", []byte(content))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(config.Default(), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoad_WrongOrMissingFile_SaysWhich(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "muster.yaml")
	if err := os.WriteFile(path, []byte("channels: {announce: general}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := config.Load(path)
	var problems yamlfile.Problems
	if !errors.As(err, &problems) || len(problems) != 1 || problems[0].File != path {
		t.Errorf("a wrong file: got %v; want one problem in %s", err, path)
	}
	if _, err := config.Load(filepath.Join(dir, "absent.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an absent file: got %v; want that it does not exist", err)
	}
	if _, err := config.Load(dir); err == nil || errors.As(err, &problems) {
		t.Errorf("a directory: got %v; want that it cannot be read", err)
	}
	got, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(config.Default(), got); diff != "" {
		t.Errorf("no file (-defaults +got):\n%s", diff)
	}
}

// The documentation shows the defaults as they are.
func TestDefaults_Documentation_ShowsThemAsTheyAre(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```yaml\n"+defaultsFile(t)+"```\n") {
		t.Error("docs/configuration.md does not show defaults.yaml as it is; copy it there")
	}
}

func defaultsFile(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("defaults.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestParse_AddedSeverity_IsTheMildest(t *testing.T) {
	got, err := config.Parse("muster.yaml", []byte("severities:\n  Minor: {name: Papercut, meaning: Typo, response: 48h, update: 24h}\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := got.Policy
	if rank := p.Rank("Minor"); rank != 4 || !p.Worse(policy.P3, "Minor") {
		t.Errorf("rank %d among %v", rank, p.Severities)
	}
	if s, ok := p.ParseSeverity("papercut"); s != "Minor" || !ok {
		t.Errorf("its name means %q", s)
	}
}

func TestDefault_SmallSections_AreTheProcess(t *testing.T) {
	got := config.Default().Policy
	want := policy.Policy{
		Severities: got.Severities, Levels: got.Levels, Roles: got.Roles,
		PostMortem: policy.PostMortem{
			When: map[policy.Severity]policy.When{
				policy.P0: policy.Always, policy.P1: policy.CustomerImpact, policy.P2: policy.Never, policy.P3: policy.Never,
			},
			LongerThan: 4 * time.Hour, Within: 48 * time.Hour,
		},
		Snooze:  policy.Snooze{Min: time.Minute, Max: 24 * time.Hour, Default: 30 * time.Minute},
		Archive: policy.Archive{After: 7 * 24 * time.Hour},
		Digest:  policy.Digest{Enabled: true, At: 9 * time.Hour, Timezone: "UTC"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestParse_SmallSections_ReplaceSingleValues(t *testing.T) {
	got, err := config.Parse("muster.yaml", []byte(`
severities:
  P4: {name: Note, meaning: A question, response: 7d, update: 1d12h}
  P1: {urgency: urgent}
postmortem:
  severities: {P4: always, P1: never}
  longer_than: 1d
snooze: {default: 1h}
archive: {after: 0s}
digest: {enabled: false, at: 17:30, timezone: America/New_York}
channels: {managers: C0MANAGERS}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := config.Default().Policy
	want.Severities[1].Urgency = policy.Urgent
	want.Severities = append(want.Severities, policy.SeverityPolicy{
		Severity: "P4", Name: "Note", Meaning: "A question", Response: 7 * 24 * time.Hour, Update: 36 * time.Hour, Urgency: policy.Normal,
	})
	want.PostMortem.When[policy.P1], want.PostMortem.When["P4"] = policy.Never, policy.Always
	want.PostMortem.LongerThan = 24 * time.Hour
	want.Snooze.Default, want.Archive.After = time.Hour, 0
	want.Digest = policy.Digest{At: 17*time.Hour + 30*time.Minute, Timezone: "America/New_York"}
	want.Managers = "C0MANAGERS"
	if diff := cmp.Diff(want, got.Policy); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
