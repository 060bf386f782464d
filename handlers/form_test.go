package handlers

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"muster/internal/goldentest"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
	"muster/internal/sandbox/blockkit"
	"muster/templates"
)

// offering returns an incident in a state that offers the verb.
func offering(t testing.TB, v incident.Verb) incident.Incident {
	t.Helper()
	s := incidenttest.New(t).Declare(incident.Declaration{
		Title: "Payments fail at checkout", Impact: "Customers cannot pay by card.", Severity: policy.P1,
	})
	s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Update(o, incident.Report{Text: "Release 4.12 is the likely cause.", Status: incident.Investigating})
	})
	s.Do(incident.Incident.Acknowledge)
	if v == incident.VerbReopen {
		s.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Resolve(o, incident.Resolution{Summary: "Rolled back"})
		})
	}
	return s.Incident
}

// opened returns the form that a verb opens when it is chosen.
func opened(t testing.TB, r *Router, v row) slack.ModalViewRequest {
	t.Helper()
	reply, err := r.handlers.handle(t.Context(), v, Request{Way: ByMenu, About: incident.Ref{Number: incidenttest.Number}})
	if err != nil || reply.Open == nil {
		t.Fatalf("%s opened no form: %v", v.common().name, err)
	}
	return *reply.Open
}

// withForm returns the rows that have a form.
func withForm() table {
	var all table
	for _, v := range verbs() {
		if v.hasForm() {
			all = append(all, v)
		}
	}
	return all
}

func TestForms_ChosenFromTheMenu_LookAsReviewed(t *testing.T) {
	for _, v := range withForm() {
		name := string(v.common().name)
		t.Run(name, func(t *testing.T) {
			s := &incidents{inc: offering(t, v.common().name)}
			goldentest.JSON(t, "form/"+name, opened(t, router(t, s, &fakeSlack{}), v))
		})
	}
}

func TestForms_TooLittleTyped_ShowWhatWas(t *testing.T) {
	for name, text := range map[string]string{
		"declare_without_title": "declare P0 private", "declare_without_severity": "declare Checkout is down",
		"update_without_text": "update monitoring",
	} {
		f := &fakeSlack{}
		s := &incidents{inc: offering(t, incident.VerbUpdate)}
		if a := router(t, s, f).Route(t.Context(), types(text)); a.Payload != nil || len(f.opened) != 1 {
			t.Fatalf("%q: answered %+v, opened %d", text, a, len(f.opened))
		}
		goldentest.JSON(t, "form/"+name, f.opened[0])
	}
}

// inputs returns a form's fields by their block's ID.
func inputs(v slack.ModalViewRequest) map[string]*slack.InputBlock {
	all := map[string]*slack.InputBlock{}
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			all[in.BlockID] = in
		}
	}
	return all
}

// Whatever a form's transition finds wrong has a field of the form to be shown at.
func TestForms_SubmittedEmpty_SayWhatIsMissingAtItsField(t *testing.T) {
	for _, v := range withForm() {
		name := v.common().name
		s := &incidents{inc: offering(t, name)}
		r := router(t, s, &fakeSlack{})
		fields := inputs(opened(t, r, v))
		required := 0
		for id, in := range fields {
			var element struct {
				ActionID string `json:"action_id"`
			}
			raw, err := json.Marshal(in.Element)
			if err == nil {
				err = json.Unmarshal(raw, &element)
			}
			if err != nil || element.ActionID != id {
				t.Errorf("%s: the field %q holds %q, %v", name, id, element.ActionID, err)
			}
			if !in.Optional {
				required++
			}
		}
		_, err := r.handlers.handle(t.Context(), v, Request{Way: BySubmission, About: s.inc.Ref()})
		rejection, ok := errors.AsType[*incident.Rejection](err)
		if required == 0 {
			if ok {
				t.Errorf("%s: nothing is required, yet %v", name, err)
			}
			continue
		}
		if !ok || fields[string(rejection.Field)] == nil {
			t.Errorf("%s: said %v, at none of its fields", name, err)
		}
	}
}

// What is typed and what is filled in come to the same.
func TestForms_FilledIn_DoWhatTheTypedCommandDoes(t *testing.T) {
	for text, fields := range map[string]map[string]slack.BlockAction{
		"declare P0 private Checkout is down": {"title": wrote("Checkout is down"), "severity": chose("P0"), "private": ticked},
		"declare P1 INC-7 is back":            {"title": wrote("INC-7 is back"), "severity": chose("P1")},
		"update identified: Rolling back":     {"text": wrote("Rolling back"), "status": chose("identified")},
		"severity P0":                         {"severity": chose("P0")},
		"assign tech_lead <@U0LEAD>":          {"role": chose("tech_lead"), "user": {SelectedUser: "U0LEAD"}},
		"escalate We need the network people": {"reason": wrote("We need the network people")},
		"snooze 1h":                           {"length": chose("1h0m0s")},
		"resolve Rolled back":                 {"resolution": wrote("Rolled back")},
		"reopen It is back":                   {"reason": wrote("It is back")},
		"cancel A test":                       {"reason": wrote("A test")},
	} {
		word, _ := cut(text)
		name := verbs().typed(word).common().name
		typed := &incidents{inc: offering(t, name)}
		answered(t, router(t, typed, &fakeSlack{}).Route(t.Context(), types(text)))
		filled := &incidents{inc: offering(t, name)}
		router(t, filled, &fakeSlack{}).Route(t.Context(), submits(templates.FormID(name), `{"incident":"7.o1","next":2}`, fields))
		if diff := cmp.Diff(typed.wrote, filled.wrote); diff != "" || len(filled.wrote) == 0 {
			t.Errorf("%q wrote %+v; filled in, it differs: %s", text, typed.wrote, diff)
		}
	}
}

// meta returns what a form remembers that is opened now.
func meta(t testing.TB, r *Router, v incident.Verb) string {
	t.Helper()
	return opened(t, r, verbs().chosen(v)).PrivateMetadata
}

// What a form shows of the incident may be changed by somebody else before it is
// sent, so the form remembers what it was.
func TestForms_WhatTheyShowOfTheIncident_TheyRemember(t *testing.T) {
	for _, v := range withForm() {
		name := v.common().name
		inc := offering(t, name)
		inc.Texts = map[incident.Topic]int{incident.TopicImpact: 1, incident.TopicETA: 1, incident.TopicCause: 1}
		inc.Loaded.Entries = map[int]incident.Entry{1: {Seq: 1, Facts: map[string]string{"impact": "a", "eta": "b", "cause": "c"}}}
		view := opened(t, router(t, &incidents{inc: inc}, &fakeSlack{}), v)
		var held struct{ Held map[string]string }
		if view.PrivateMetadata != "" {
			if err := json.Unmarshal([]byte(view.PrivateMetadata), &held); err != nil {
				t.Fatal(err)
			}
		}
		for id, in := range inputs(view) {
			raw, err := json.Marshal(in.Element)
			if err != nil {
				t.Fatal(err)
			}
			shows := strings.Contains(string(raw), `"initial_`) && id != string(incident.FieldLength) // which is the policy's
			if _, remembered := held.Held[id]; shows != remembered {
				t.Errorf("%s: %s shows something: %t, and is remembered: %t", name, id, shows, remembered)
			}
		}
	}
}

func TestUpdateForm_ChangedMeanwhile_KeepsWhatIsLeftAndAsksAboutTheRest(t *testing.T) {
	said := map[string]string{"impact": "Customers cannot pay by card.", "eta": "soon"}
	s := &incidents{inc: offering(t, incident.VerbUpdate)}
	s.inc.Texts = map[incident.Topic]int{incident.TopicImpact: 1, incident.TopicETA: 1}
	s.inc.Loaded.Entries = map[int]incident.Entry{1: {Seq: 1, Facts: said}}
	r := router(t, s, &fakeSlack{})
	before := meta(t, r, incident.VerbUpdate)
	send := func(impact, eta, status string) map[string]string {
		t.Helper()
		s.wrote = nil
		a := r.Route(t.Context(), submits("incident_update_form", before, map[string]slack.BlockAction{
			"text": wrote("Looks good"), "impact": wrote(impact), "eta": wrote(eta), "status": chose(status),
		}))
		if answer, ok := a.Payload.(*slack.ViewSubmissionResponse); ok {
			return answer.Errors
		}
		return nil
	}
	was := "Customers cannot pay by card."
	if errs := send(was, "", "investigating"); errs != nil || len(s.wrote) != 1 {
		t.Errorf("an ETA that is cleared: %v, %+v", errs, s.wrote)
	}
	s.inc.Status = incident.Monitoring
	s.inc.Loaded.Entries = map[int]incident.Entry{1: {Seq: 1, Facts: map[string]string{"impact": "Nobody can pay.", "eta": "soon"}}}
	if errs := send(was, "soon", "investigating"); errs != nil || len(s.wrote) != 1 ||
		s.wrote[0].Facts["status"] != "monitoring" || s.wrote[0].Facts["impact"] != "" || s.wrote[0].Facts["eta"] != "" {
		t.Errorf("left as they were: %v, %+v", errs, s.wrote)
	}
	if errs := send("Only some cannot.", "soon", "investigating"); !strings.Contains(errs["impact"], "Nobody can pay.") || len(s.wrote) > 0 {
		t.Errorf("an impact that both changed: %v, %+v", errs, s.wrote)
	}
	if errs := send(was, "soon", "identified"); !strings.Contains(errs["status"], "monitoring") || len(s.wrote) > 0 {
		t.Errorf("a status that both changed: %v, %+v", errs, s.wrote)
	}
	if errs := send("Nobody can pay.", "tonight", "investigating"); errs != nil || len(s.wrote) != 1 || s.wrote[0].Facts["eta"] != "tonight" {
		t.Errorf("an impact that both changed alike: %v, %+v", errs, s.wrote)
	}
}

// A form that was opened at P1 cannot lower what is a P0 by now.
func TestSeverityForm_ChangedMeanwhile_ChangesNothing(t *testing.T) {
	s := &incidents{inc: offering(t, incident.VerbSeverity)}
	r := router(t, s, &fakeSlack{})
	before := meta(t, r, incident.VerbSeverity)
	s.inc.Severity = policy.P0
	for chosen, want := range map[string]string{"P1": "already P0", "P2": "now: P0", "P0": "already P0"} {
		a := r.Route(t.Context(), submits("incident_severity_form", before, map[string]slack.BlockAction{"severity": chose(chosen)}))
		answer, ok := a.Payload.(*slack.ViewSubmissionResponse)
		if !ok || !strings.Contains(answer.Errors["severity"], want) || len(s.wrote) > 0 {
			t.Errorf("%s: %+v, wrote %+v, want %q", chosen, answer, s.wrote, want)
		}
	}
}

func TestEscalateForm_LevelPagedMeanwhile_PagesNoFurther(t *testing.T) {
	s := &incidents{inc: offering(t, incident.VerbEscalate)}
	s.inc.Level = 2 // since the form was opened, which named it
	a := router(t, s, &fakeSlack{}).Route(t.Context(), submits("incident_escalate_form", `{"incident":"7.o1","next":2}`,
		map[string]slack.BlockAction{"reason": wrote("")}))
	if answer, ok := a.Payload.(*slack.ViewSubmissionResponse); !ok || answer.Errors["reason"] == "" || len(s.wrote) > 0 {
		t.Errorf("answered %#v, wrote %+v", a.Payload, s.wrote)
	}
}

// Whoever declares may be anywhere, so the form itself says what came of it.
func TestDeclareForm_Submitted_AnswersInTheForm(t *testing.T) {
	a := router(t, &incidents{}, &fakeSlack{}).Route(t.Context(), submits("incident_declare_form", `{}`,
		map[string]slack.BlockAction{"title": wrote("Checkout is down"), "severity": chose("P1")}))
	answer, ok := a.Payload.(*slack.ViewSubmissionResponse)
	if !ok || answer.View == nil || !strings.Contains(fmt.Sprint(text(t, answer.View)), "INC-7 declared") {
		t.Errorf("answered %#v", a.Payload)
	}
}

// A form that was opened before the incident had a channel closes like any other.
func TestForm_ChannelOpenedMeanwhile_Closes(t *testing.T) {
	s := &incidents{inc: offering(t, incident.VerbUpdate)}
	s.inc.Channel = "C0HOME"
	a := router(t, s, &fakeSlack{}).Route(t.Context(), submits("incident_update_form", `{"incident":"7.o1"}`,
		map[string]slack.BlockAction{"text": wrote("Looks good")}))
	if a.Payload != nil || len(s.wrote) == 0 {
		t.Errorf("answered %#v, wrote %+v", a.Payload, s.wrote)
	}
}

// text returns a view as its JSON.
func text(t testing.TB, v *slack.ModalViewRequest) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Whatever people wrote, each form fits Slack's limits.
func TestForms_AnyText_FitsSlackLimits(t *testing.T) {
	anything := rapid.Custom(func(t *rapid.T) string {
		bit := rapid.OneOf(rapid.SampledFrom([]string{"<!channel>", "&", "*", "`", "\n", "🚨", "{{.}}", strings.Repeat("x", 4000)}), rapid.String())
		return strings.Join(rapid.SliceOfN(bit, 0, 8).Draw(t, "bits"), "")
	})
	s := &incidents{}
	r := router(t, s, &fakeSlack{})
	rapid.Check(t, func(rt *rapid.T) {
		for _, v := range withForm() {
			s.inc = offering(t, v.common().name)
			s.inc.Title = anything.Draw(rt, "title")
			s.inc.Texts = map[incident.Topic]int{incident.TopicImpact: 1}
			s.inc.Loaded.Entries = map[int]incident.Entry{1: {Seq: 1, Facts: map[string]string{"impact": anything.Draw(rt, "impact")}}}
			var view map[string]any
			if err := json.Unmarshal([]byte(text(t, new(opened(t, r, v)))), &view); err != nil {
				rt.Fatal(err)
			}
			for _, problem := range blockkit.View(view) {
				rt.Errorf("%s: %v", v.common().name, problem)
			}
		}
	})
}
