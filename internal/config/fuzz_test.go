package config_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"muster/internal/config"
	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// Whatever a file holds, Parse either gives a policy that can be run by, or
// says where the mistakes are.
func FuzzParse(f *testing.F) {
	f.Add("")
	f.Add("severities: {P0: {response: 5m, escalate: [{to: L2, after: 1h}]}}")
	f.Add("levels: [{name: A, roles: [dba]}]\nroles: {dba: {name: DBA}}\npeople: {dba: [U1A, S1B]}")
	f.Add("people:\n  - &a [*a]\n  <<: ? !!x |\n\t- '\"")
	f.Add("severities: {P1: {urgency: urgent, synonyms: [bad]}, P4: {name: A, meaning: B, response: 7d, update: 1d}}")
	f.Add("postmortem: {severities: {P3: always}, longer_than: 0s}\nsnooze: {min: 1m, max: 2h, default: 1h}")
	f.Add("archive: {after: 1d}\ndigest: {enabled: false, at: 17:30, timezone: Europe/Paris}")
	f.Add("channels: {announce: #incidents\n}\n---\n...\n%YAML 1.2")
	f.Fuzz(func(t *testing.T, file string) {
		c, err := config.Parse("muster.yaml", []byte(file))
		if err == nil {
			sound(t, c.Policy)
			return
		}
		var problems yamlfile.Problems
		if !errors.As(err, &problems) || len(problems) == 0 {
			t.Fatalf("not a problem with a place: %v", err)
		}
		for n, p := range problems {
			if p.File != "muster.yaml" || p.Line < 1 || p.Column < 1 || p.What == "" || p.Right == "" {
				t.Errorf("half a problem: %+v", p)
			}
			if n > 0 && p.Line < problems[n-1].Line {
				t.Errorf("line %d comes after line %d", p.Line, problems[n-1].Line)
			}
		}
	})
}

// sound holds a policy to what the domain relies on.
func sound(t *testing.T, p policy.Policy) {
	t.Helper()
	if p.Role(policy.OnCallEngineer).Name == "" || p.Top() < 1 {
		t.Errorf("no on-call engineer, or no level: %+v", p)
	}
	if s := p.Snooze; s.Min < time.Second || s.Default < s.Min || s.Max < s.Default {
		t.Errorf("snooze %+v", s)
	}
	if _, err := time.LoadLocation(p.Digest.Timezone); err != nil || p.Digest.At < 0 || p.Digest.At >= 24*time.Hour {
		t.Errorf("digest %+v: %v", p.Digest, err)
	}
	for s, when := range p.PostMortem.When {
		if p.Severity(s).Severity == "" || when == "" {
			t.Errorf("%q needs a post-mortem %q", s, when)
		}
	}
	urgencies, at := []policy.Urgency{policy.Urgent, policy.High, policy.Normal}, 0
	called := []policy.Level{1}
	for _, rules := range p.Severities {
		s := rules.Severity
		if got, ok := p.ParseSeverity(string(s)); !ok || got != s {
			t.Errorf("%s cannot be named: it is taken for %q", s, got)
		}
		if rules.Name == "" || rules.Meaning == "" || rules.Response < time.Second || rules.Update < time.Second {
			t.Errorf("%s is incomplete: %+v", s, rules)
		}
		urgency := slices.Index(urgencies, rules.Urgency)
		if urgency < at {
			t.Errorf("%s is %q, more urgent than a worse one", s, rules.Urgency)
		}
		at = urgency
		last := policy.Step{To: 1, After: -1}
		for _, step := range rules.Escalate {
			if step.To <= last.To || step.To > p.Top() || step.After <= last.After {
				t.Errorf("%s has the steps %+v", s, rules.Escalate)
			}
			called, last = append(called, step.To), step
		}
	}
	anybody := slices.ContainsFunc(p.Roles, func(r policy.RolePolicy) bool { return !r.Holder.Empty() })
	for n, l := range p.Levels {
		if l.Name == "" || len(l.Roles) == 0 {
			t.Errorf("L%d is incomplete: %+v", n+1, l)
		}
		for _, r := range l.Roles {
			if p.Role(r).Name == "" {
				t.Errorf("L%d calls the role %q, which there isn't", n+1, r)
			}
			if anybody && slices.Contains(called, policy.Level(n+1)) && p.Role(r).Holder.Empty() {
				t.Errorf("nobody holds %q of L%d", r, n+1)
			}
		}
	}
}
