package handlers

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
)

func TestParseInto_OneOrTwoNumbers_TheFirstOfTwoIsTheDuplicate(t *testing.T) {
	for text, want := range map[string]struct{ duplicate, into incident.Number }{
		"":                  {0, 0},
		"INC-7":             {0, 7},
		"7":                 {0, 7},
		"into #7":           {0, 7},
		"INC-8 INC-7":       {8, 7},
		"8 7":               {8, 7},
		"inc-8 INTO inc-7":  {8, 7},
		"INC-8 into":        {8, 0},
		"INC-8 the same":    {8, -1},
		"the login one":     {0, -1},
		"INC-8 INC-7 INC-6": {8, -1},
	} {
		ref, rest, err := firstOfTwo(Request{Text: text})
		if err != nil || ref.Number != want.duplicate {
			t.Errorf("%q is about %s, %v", text, ref.Number, err)
		}
		into, err := parseInto(typed{text: rest})
		if want.into < 0 {
			if !rejected(err, "bad_number") {
				t.Errorf("%q: %v", text, err)
			}
		} else if err != nil || into != (incident.Ref{Number: want.into}) {
			t.Errorf("%q goes into %s, %v; want %s", text, into.Number, err, want.into)
		}
	}
}

func TestMerge_Typed_ChangesBoth(t *testing.T) {
	s := &incidents{inc: incidenttest.Declared(t, policy.P1).Incident}
	said := answered(t, router(t, s, &fakeSlack{}).Route(t.Context(), types("merge INC-7 INC-9")))
	if want := "INC-7: merged the incident into INC-9: Search is slow"; !strings.Contains(said, want) || s.seen.Ref.Number != 7 {
		t.Errorf("said %q about %+v, want %q in it", said, s.seen.Ref, want)
	}
}

func TestMerge_Form_OffersTheOthersAndSaysWhatIsWrongThere(t *testing.T) {
	s, f := &incidents{inc: incidenttest.Declared(t, policy.P1).Incident}, &fakeSlack{}
	r := router(t, s, f)
	r.Route(t.Context(), chooses("merge 7.o1"))
	if len(f.opened) != 1 {
		t.Fatalf("opened %d forms, said %q", len(f.opened), f.said)
	}
	blocks := f.opened[0].Blocks.BlockSet
	in, ok := blocks[len(blocks)-1].(*slack.InputBlock)
	if !ok {
		t.Fatalf("no field: %+v", blocks)
	}
	menu, ok := in.Element.(*slack.SelectBlockElement)
	if !ok || len(menu.Options) != 1 || menu.Options[0].Value != "9.o9" || !strings.Contains(menu.Options[0].Text.Text, "Search is slow") {
		t.Errorf("offers %+v", in.Element)
	}
	send := func(into string) Answer {
		return r.Route(t.Context(), submits("incident_merge_form", `{"incident":"7.o1"}`, map[string]slack.BlockAction{"into": chose(into)}))
	}
	if answer, ok := send("7.o1").Payload.(*slack.ViewSubmissionResponse); !ok || !strings.Contains(answer.Errors["into"], "itself") {
		t.Errorf("into itself: %+v", answer)
	}
	if answer, ok := send("9.another").Payload.(*slack.ViewSubmissionResponse); !ok || !strings.Contains(answer.Errors["into"], "replaced") {
		t.Errorf("into another store's: %+v", answer)
	}
	if a := send("9.o9"); a.Payload != nil || len(s.wrote) == 0 {
		t.Errorf("answered %+v, wrote %+v", a.Payload, s.wrote)
	}
}
