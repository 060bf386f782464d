package incidenttest

import (
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// People and channels that the policy and the scenarios name.
const (
	Ana          slackid.User    = "U0ANA"
	Ben          slackid.User    = "U0BEN"
	Announcement slackid.Channel = "C0INCIDENTS"
)

// Start is when every scenario begins.
var Start = time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)

// Policy returns the default policy, written out: the figures that the tests check.
func Policy() policy.Policy {
	role := func(r policy.Role, name string, holder policy.People) policy.RolePolicy {
		return policy.RolePolicy{Role: r, Name: name, Holder: holder}
	}
	return policy.Policy{
		Announce: Announcement,
		PostMortem: policy.PostMortem{
			When:       map[policy.Severity]policy.When{policy.P0: policy.Always, policy.P1: policy.CustomerImpact},
			LongerThan: 4 * time.Hour, Within: 48 * time.Hour,
		},
		Archive: policy.Archive{After: 7 * 24 * time.Hour},
		Snooze:  policy.Snooze{Min: time.Minute, Max: 24 * time.Hour, Default: 30 * time.Minute},
		Severities: []policy.SeverityPolicy{
			{
				Severity: policy.P0, Urgency: policy.Urgent, Name: "Critical", Response: 15 * time.Minute, Update: 30 * time.Minute,
				Escalate: []policy.Step{{To: 2}, {To: 3, After: time.Hour}},
			},
			{
				Severity: policy.P1, Urgency: policy.High, Name: "High", Response: time.Hour, Update: 2 * time.Hour,
				Escalate: []policy.Step{{To: 2, After: 2 * time.Hour}, {To: 3, After: 4 * time.Hour}},
			},
			{Severity: policy.P2, Urgency: policy.Normal, Name: "Medium", Response: 4 * time.Hour, Update: 2 * time.Hour},
			{Severity: policy.P3, Urgency: policy.Normal, Name: "Low", Response: 24 * time.Hour, Update: 2 * time.Hour},
		},
		Levels: []policy.LevelPolicy{
			{Name: "On-call engineer", Roles: []policy.Role{policy.OnCallEngineer}},
			{Name: "Senior engineer and tech lead", Roles: []policy.Role{"senior_engineer", "tech_lead"}},
			{Name: "Engineering manager", Roles: []policy.Role{"engineering_manager"}},
		},
		Roles: []policy.RolePolicy{
			role(policy.OnCallEngineer, "On-Call Engineer", policy.NewPeople(nil, []slackid.Group{"S0L1"})),
			role("senior_engineer", "Senior Engineer", policy.NewPeople([]slackid.User{"U0SENIOR"}, nil)),
			role("tech_lead", "Tech Lead", policy.NewPeople([]slackid.User{"U0LEAD", "U0SENIOR"}, nil)),
			role("engineering_manager", "Engineering Manager", policy.NewPeople([]slackid.User{"U0MGR"}, nil)),
		},
	}
}
