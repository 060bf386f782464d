package templates_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

func view(t testing.TB) func(slack.ModalViewRequest, error) slack.ModalViewRequest {
	t.Helper()
	return func(v slack.ModalViewRequest, err error) slack.ModalViewRequest {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// forms returns every verb's form that there are words for, with no fields yet.
func forms(t testing.TB, s *story, open []incident.Summary) map[incident.Verb]*templates.Form {
	t.Helper()
	files, err := filepath.Glob("words/slack/form/*.tmpl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no words: %v", err)
	}
	all := map[incident.Verb]*templates.Form{}
	for _, file := range files {
		switch v := incident.Verb(strings.TrimSuffix(filepath.Base(file), ".tmpl")); {
		case v == "shared" || v == "over" || strings.HasSuffix(string(v), "_unavailable"):
		case v == incident.VerbDeclare:
			all[v] = s.templates().FormBeside(v, open)
		default:
			all[v] = s.templates().Form(v, s.i)
		}
	}
	return all
}

func TestForm_VerbNotOnOffer_SaysWhyInstead(t *testing.T) {
	for name, tc := range map[string]struct {
		verb  incident.Verb
		field incident.Field
		*story
	}{
		"form/over":                 {incident.VerbUpdate, incident.FieldText, atWork(t).resolved(fixed)},
		"form/escalate_unavailable": {incident.VerbEscalate, incident.FieldReason, atWork(t).escalated("").escalated("")},
		"form/reopen_unavailable":   {incident.VerbReopen, incident.FieldReason, atWork(t)},
	} {
		f := tc.templates().Form(tc.verb, tc.i)
		f.Paragraph(tc.field, "")
		golden(t, name, view(t)(f.View()))
	}
}

func TestForm_IncidentToChoose_OffersThemOrSaysThereIsNone(t *testing.T) {
	s := atWork(t)
	for name, rows := range map[string][]incident.Summary{
		"form/merge": {s.another().Summary(s.policy, s.now)}, "form/merge_unavailable": nil,
	} {
		f := s.templates().Form(incident.VerbMerge, s.i)
		f.Incident(incident.FieldInto, rows)
		golden(t, name, view(t)(f.View()))
	}
}

func TestForm_WordIsMissing_Fails(t *testing.T) {
	s := atWork(t)
	f := s.templates().Form(incident.VerbUpdate, s.i)
	f.Line(incident.FieldTitle, "") // an update has no title
	if v, err := f.View(); err == nil {
		t.Errorf("made %+v", v)
	}
}

func TestForm_FirstField_HasTheFocus(t *testing.T) {
	s := atWork(t)
	f := s.templates().Form(incident.VerbUpdate, s.i)
	f.Paragraph(incident.FieldText, "")
	f.Line(incident.FieldETA, "")
	var focused []bool
	for _, b := range view(t)(f.View()).Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			e, ok := in.Element.(*slack.PlainTextInputBlockElement)
			focused = append(focused, ok && e.FocusOnLoad)
		}
	}
	if diff := cmp.Diff([]bool{true, false}, focused); diff != "" {
		t.Error(diff)
	}
}

func TestForm_View_RemembersHowThingsStood(t *testing.T) {
	s := atWork(t)
	got, err := templates.ParseMeta(view(t)(s.templates().Form(incident.VerbUpdate, s.i).View()).PrivateMetadata)
	if diff := cmp.Diff(templates.Meta{Incident: s.i.Ref(), From: inChannel, Next: 2}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := templates.ParseMeta("{"); err == nil {
		t.Error("broken metadata is read without an error")
	}
}

func TestSent_Fields_AreReadByTheirKind(t *testing.T) {
	sent := templates.Sent{State: &slack.ViewState{Values: map[string]map[string]slack.BlockAction{
		"title":    {"title": {Value: "Checkout is down"}},
		"severity": {"severity": {SelectedOption: slack.OptionBlockObject{Value: "P0"}}},
		"user":     {"user": {SelectedUser: "U0LEAD"}},
		"private":  {"private": {SelectedOptions: []slack.OptionBlockObject{{Value: "yes"}}}},
	}}}
	for name, tc := range map[string]struct {
		templates.Sent
		want []any
	}{
		"filled in": {sent, []any{"Checkout is down", "P0", "U0LEAD", true}},
		"empty":     {templates.Sent{}, []any{"", "", "", false}},
	} {
		got := []any{
			tc.Text(incident.FieldTitle), tc.Choice(incident.FieldSeverity), string(tc.User(incident.FieldUser)), tc.Checked(incident.FieldPrivate),
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFieldErrors_Rejection_IsShownAtItsFieldWithoutMarkup(t *testing.T) {
	v := slack.View{Blocks: slack.Blocks{BlockSet: []slack.Block{
		&slack.SectionBlock{}, &slack.InputBlock{BlockID: "user"}, &slack.InputBlock{BlockID: "role"},
	}}}
	for field, at := range map[incident.Field]string{incident.FieldRole: "role", incident.FieldTitle: "user", "": "user"} {
		want := map[string]string{at: "a & b isn't a role"}
		if diff := cmp.Diff(want, templates.FieldErrors(v, field, "`a &amp; b` isn't a *role*")); diff != "" {
			t.Errorf("%q: %s", field, diff)
		}
	}
	if got := templates.FieldErrors(slack.View{}, incident.FieldRole, "wrong"); got != nil {
		t.Errorf("a form without fields: %v", got)
	}
}

func TestForm_Answered_ShowsTheAnswerInItsPlace(t *testing.T) {
	words := declared(t, policy.P1).templates()
	said := templates.Reply{Text: "INC-7 declared as *P1 High*."}
	golden(t, "form/done", view(t)(words.DoneView(incident.VerbDeclare, said)))
	golden(t, "form/refused", words.RefusedView(templates.Reply{Text: "Can't find INC-7. `/incident list` shows what's open."}))
	if v, err := words.DoneView(incident.VerbClose, said); err == nil {
		t.Errorf("a verb without words for it: %+v", v)
	}
}
