package blockkit

import "testing"

func TestView_Mistakes_AreReportedInSlacksWords(t *testing.T) {
	const all = noChoice + "/view]"
	modal := func(rest string) string { return `{"type":"modal",` + rest + `}` }
	for fact, c := range map[string]struct {
		layout string
		want   []string
	}{
		"inputs need submit": {
			modal(`"title":` + label + `,"blocks":[` + divider + `,` + textual + `]`),
			[]string{"must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"},
		},
		"inputs in blocks need it too": {
			modal(`"title":` + label + `,"blocks":[` + grid(textual) + `]`),
			[]string{"must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/rows/0/items/0/block/input]"},
		},
		"inputs of App Home do not":  {`{"type":"home","blocks":[` + textual + `]}`, nil},
		"modals have a title":        {modal(`"blocks":[]`), []string{all, "missing required field: title [json-pointer:/view]"}},
		"modals have blocks":         {modal(`"title":` + label), []string{all, "missing required field: blocks [json-pointer:/view]"}},
		"titles are plain":           {modal(`"title":{"type":"mrkdwn","text":"x"},"blocks":[]`), []string{all, "unsupported type: mrkdwn [json-pointer:/view/title/type]"}},
		"App Home has none":          {`{"type":"home","title":` + label + `,"blocks":[]}`, []string{all, "invalid additional property: title [json-pointer:/view]"}},
		"submit is always possible":  {modal(`"title":` + label + `,"submit_disabled":true,"blocks":[]`), []string{all, "invalid additional property: submit_disabled [json-pointer:/view]"}},
		"no submit is left out":      {modal(`"title":` + label + `,"submit":null,"blocks":[]`), []string{all, "must provide an object [json-pointer:/view/submit]"}},
		"what is told":               {modal(`"title":` + label + `,"clear_on_close":true,"notify_on_close":false,"blocks":[]`), nil},
		"views are modals or homes":  {`{"type":"toast","blocks":[]}`, []string{all, "unsupported type: toast [json-pointer:/view/type]"}},
		"views have a type":          {`{"blocks":[]}`, []string{all, "missing required field: type [json-pointer:/view]"}},
		"the type of a view is text": {`{"type":1}`, []string{all, "must provide a string [json-pointer:/view/type]"}},
	} {
		t.Run(fact, func(t *testing.T) { expect(t, c.layout, c.want...) })
	}
}
