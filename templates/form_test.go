package templates_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// TestForms_Rendered_MatchTheGoldenFiles holds every form.
func TestForms_Rendered_MatchTheGoldenFiles(t *testing.T) {
	s := atWork(t)
	over := atWork(t).resolved(fixed)
	top := atWork(t).escalated("").escalated("")
	for name, v := range map[string]slack.ModalViewRequest{
		"form/declare": view(t)(s.templates().DeclareView(incident.Declaration{}, nil)),
		"form/declare_prefilled": view(t)(s.templates().DeclareView(
			incident.Declaration{Title: "Checkout is down", Severity: policy.P0, Private: true}, []incident.Summary{s.row()})),
		"form/update":       view(t)(s.templates().UpdateView(s.i)),
		"form/update_over":  view(t)(over.templates().UpdateView(over.i)),
		"form/resolve":      view(t)(s.templates().ResolveView(s.i)),
		"form/severity":     view(t)(s.templates().SeverityView(s.i)),
		"form/assign":       view(t)(s.templates().AssignView(s.i)),
		"form/snooze":       view(t)(s.templates().SnoozeView(s.i)),
		"form/escalate":     view(t)(s.templates().EscalateView(s.i)),
		"form/escalate_top": view(t)(top.templates().EscalateView(top.i)),
		"form/reopen":       view(t)(over.templates().ReasonView(over.i, incident.VerbReopen)),
		"form/cancel":       view(t)(s.templates().ReasonView(s.i, incident.VerbCancel)),
		"form/message":      s.templates().MessageView("Update INC-7", "Can't find INC-7. `/incident list` shows what's open."),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, v) })
	}
}

// state is what Slack sends of a form: what was chosen or written, by block.
func state(values map[string]slack.BlockAction) *slack.ViewState {
	s := &slack.ViewState{Values: map[string]map[string]slack.BlockAction{}}
	for block, v := range values {
		s.Values[block] = map[string]slack.BlockAction{block: v}
	}
	return s
}

func wrote(text string) slack.BlockAction { return slack.BlockAction{Value: text} }

func chose(value string) slack.BlockAction {
	return slack.BlockAction{SelectedOption: slack.OptionBlockObject{Value: value}}
}

var ticked = slack.BlockAction{SelectedOptions: []slack.OptionBlockObject{{Value: "yes"}}}

// TestForms_AsSlackSendsThem_AreRead reads each form as Slack sends it.
func TestForms_AsSlackSendsThem_AreRead(t *testing.T) {
	sent := state(map[string]slack.BlockAction{
		templates.BlockTitle: wrote("Checkout is down"), templates.BlockImpact: wrote("All of it"),
		templates.BlockSeverity: chose("P0"), templates.BlockPrivate: ticked,
		templates.BlockText: wrote("Rolling back"), templates.BlockETA: wrote("soon"), templates.BlockStatus: chose("identified"),
		templates.BlockResolution: wrote("Rolled back"), templates.BlockCause: wrote("4.12"), templates.BlockCustomers: ticked,
		templates.BlockRole: chose("tech_lead"), templates.BlockUser: {SelectedUser: "U0LEAD"},
		templates.BlockLength: chose("1h0m0s"), templates.BlockReason: wrote("It is back"),
	})
	type all struct {
		Declaration incident.Declaration
		Report      incident.Report
		Resolving   incident.Resolution
		Severity    policy.Severity
		Role        policy.Role
		User        slackid.User
		Length      time.Duration
		Escalate    string
		Reason      string
	}
	read := func(s *slack.ViewState) all {
		role, user := templates.ParseAssign(s)
		return all{
			templates.ParseDeclare(s), templates.ParseUpdate(s), templates.ParseResolve(s), templates.ParseSeverity(s),
			role, user, templates.ParseSnooze(s), templates.ParseEscalate(s), templates.ParseReason(s),
		}
	}
	want := all{
		incident.Declaration{Title: "Checkout is down", Impact: "All of it", Severity: policy.P0, Private: true},
		incident.Report{Text: "Rolling back", Impact: "All of it", ETA: "soon", Status: incident.Identified},
		incident.Resolution{Summary: "Rolled back", Cause: "4.12", CustomerImpact: true},
		policy.P0, "tech_lead", "U0LEAD", time.Hour, "It is back", "It is back",
	}
	if diff := cmp.Diff(want, read(sent)); diff != "" {
		t.Error(diff)
	}
	empty := all{}
	if diff := cmp.Diff(empty, read(nil)); diff != "" {
		t.Errorf("an empty form: %s", diff)
	}
}

// TestForms_EveryField_IsAskedInItsBlock: each field that a form is said to ask for is a block
// of it, so that Slack can show an error there.
func TestForms_EveryField_IsAskedInItsBlock(t *testing.T) {
	s := atWork(t)
	over := atWork(t).resolved(fixed)
	all := s.templates()
	fields := []incident.Field{
		incident.FieldTitle, incident.FieldImpact, incident.FieldSeverity, incident.FieldText, incident.FieldETA,
		incident.FieldStatus, incident.FieldReason, incident.FieldResolution, incident.FieldCause, incident.FieldRole,
		incident.FieldUser, incident.FieldLength,
	}
	asked := map[incident.Field]bool{}
	for verb, v := range map[incident.Verb]slack.ModalViewRequest{
		incident.VerbDeclare:  view(t)(all.DeclareView(incident.Declaration{}, nil)),
		incident.VerbUpdate:   view(t)(all.UpdateView(s.i)),
		incident.VerbResolve:  view(t)(all.ResolveView(s.i)),
		incident.VerbSeverity: view(t)(all.SeverityView(s.i)),
		incident.VerbAssign:   view(t)(all.AssignView(s.i)),
		incident.VerbSnooze:   view(t)(all.SnoozeView(s.i)),
		incident.VerbEscalate: view(t)(all.EscalateView(s.i)),
		incident.VerbReopen:   view(t)(over.templates().ReasonView(over.i, incident.VerbReopen)),
		incident.VerbCancel:   view(t)(all.ReasonView(s.i, incident.VerbCancel)),
	} {
		if v.CallbackID != templates.FormID(verb) {
			t.Errorf("the form to %s is called %q", verb, v.CallbackID)
		}
		blocks := map[string]bool{}
		for _, b := range v.Blocks.BlockSet {
			if in, ok := b.(*slack.InputBlock); ok {
				blocks[in.BlockID] = true
			}
		}
		for _, f := range fields {
			block := templates.BlockOf(verb, f)
			if block == "" {
				continue
			}
			asked[f] = true
			if !blocks[block] {
				t.Errorf("%s: no block %q for %q", verb, block, f)
			}
		}
	}
	for _, f := range fields {
		if !asked[f] {
			t.Errorf("no form asks for %q", f)
		}
	}
}

func TestFieldErrors_RejectionOfAField_IsShownThereWithoutMarkup(t *testing.T) {
	words := atWork(t).templates()
	wrong := &incident.Rejection{Code: "unknown_role", Args: incident.Args{"word": "a & <b>"}, Field: incident.FieldRole}
	got, ok := words.FieldErrors(incident.VerbAssign, wrong)
	want := map[string]string{
		templates.BlockRole: "a & <b> isn't a role. Choose on_call_engineer, senior_engineer, tech_lead or engineering_manager.",
	}
	if !ok || cmp.Diff(want, got) != "" {
		t.Errorf("got %v, %v", got, ok)
	}
	if got, ok := words.FieldErrors(incident.VerbAssign, &incident.Rejection{Code: "missing_user"}); ok {
		t.Errorf("a rejection about no field is shown at %v", got)
	}
}

func TestMeta_OfAForm_ComesBack(t *testing.T) {
	s := atWork(t)
	got, err := templates.ParseMeta(view(t)(s.templates().UpdateView(s.i)).PrivateMetadata)
	if want := (templates.Meta{Incident: 7, From: inChannel, Status: incident.Identified, Next: 2}); err != nil || got != want {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := templates.ParseMeta("{"); err == nil {
		t.Error("broken metadata is read without an error")
	}
}

func TestReasonView_VerbWithoutAForm_Fails(t *testing.T) {
	s := atWork(t)
	for _, v := range []incident.Verb{incident.VerbClose, "sing"} {
		if form, err := s.templates().ReasonView(s.i, v); err == nil {
			t.Errorf("%s has a form: %q", v, form.Title.Text)
		}
	}
}
