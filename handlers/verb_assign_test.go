package handlers

import (
	"testing"

	"muster/internal/incident"
	"muster/internal/policy"
)

func TestParseAssignment_RoleAndPerson_ComeInEitherOrder(t *testing.T) {
	process := policy.Policy{Roles: []policy.RolePolicy{
		{Role: policy.OnCallEngineer, Name: "On-Call Engineer"}, {Role: "tech_lead", Name: "Tech Lead"},
	}}
	for text, want := range map[string]struct {
		incident.Assignment
		code string
	}{
		"":                       {},
		"tech_lead <@U1|ana>":    {Assignment: incident.Assignment{Role: "tech_lead", User: "U1"}},
		"Tech Lead <@U1>":        {Assignment: incident.Assignment{Role: "tech_lead", User: "U1"}},
		"<@W1|ana> tech-lead":    {Assignment: incident.Assignment{Role: "tech_lead", User: "W1"}},
		"techlead <@U1>":         {Assignment: incident.Assignment{Role: "tech_lead", User: "U1"}},
		"TechLead: <@U1|ana>":    {Assignment: incident.Assignment{Role: "tech_lead", User: "U1"}},
		"<@U1> as tech lead":     {Assignment: incident.Assignment{Role: "tech_lead", User: "U1"}},
		"techlead":               {code: "missing_user"},
		"to":                     {code: "missing_user"},
		"<@U1|ana>":              {Assignment: incident.Assignment{Role: policy.OnCallEngineer, User: "U1"}},
		"on-call engineer <@U1>": {Assignment: incident.Assignment{Role: policy.OnCallEngineer, User: "U1"}},
		"me":                     {Assignment: incident.Assignment{Role: policy.OnCallEngineer, User: "U9"}},
		"tech_lead @ghost":       {code: "unknown_user"},
		"<!channel>":             {code: "unknown_user"},
		"pilot <@U1>":            {code: "unknown_role"},
		"tech lead":              {code: "missing_user"},
		"<@U1> <@U2>":            {code: "too_many_users"},
	} {
		got, err := parseAssignment(typed{text: text, by: "U9", policy: process})
		if got != want.Assignment || (want.code == "") != (err == nil) || (err != nil && !rejected(err, want.code)) {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
}
