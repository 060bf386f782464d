package slackjson_test

import (
	"encoding/json"
	"testing"

	"muster/internal/slackjson"
)

func TestShape_Cut_KeepsWhatIsReadAndOfItsType(t *testing.T) {
	user := slackjson.Object{
		"id": slackjson.Text, "is_bot": slackjson.Flag, "updated": slackjson.Number, "raw": slackjson.Any,
		"teams": slackjson.List(slackjson.Text), "states": slackjson.Each(slackjson.Object{"value": slackjson.Text}.Cut),
	}
	for given, want := range map[string]string{
		`{"id":"U1","name":"ana"}`:                          `{"id":"U1"}`,
		` { "id" : "U1" , "is_bot" : false } `:              `{"id":"U1","is_bot":false}`,
		`{"id":17,"is_bot":"no","updated":"1","teams":"T"}`: `{}`,
		`{"id":null,"is_bot":null,"teams":null,"raw":null}`: `{"raw":null}`,
		`{"updated":-1.5,"raw":[{}]}`:                       `{"raw":[{}],"updated":-1.5}`,
		`{"teams":["T1",2,{"id":"T3"},"T4"]}`:               `{"teams":["T1","T4"]}`,
		`{"states":{"a":{"value":"x","type":1},"b":7}}`:     `{"states":{"a":{"value":"x"}}}`,
		`{"id":"<U1&>"}`:                                    `{"id":"\u003cU1\u0026\u003e"}`,
		`[]`:                                                "",
		`"U1"`:                                              "",
		`null`:                                              "",
		``:                                                  "",
		`{"id":`:                                            "",
	} {
		got, ok := user.Cut(json.RawMessage(given))
		if ok != (want != "") || string(got) != want {
			t.Errorf("%s: got %s, %t; want %s", given, got, ok, want)
		}
	}
}

// Whatever comes, what is kept is JSON.
func FuzzShape(f *testing.F) {
	f.Add(`{"a":["x",{"b":1}],"c":{}}`)
	shape := slackjson.Object{"a": slackjson.List(slackjson.Any), "c": slackjson.Each(slackjson.Number)}
	f.Fuzz(func(t *testing.T, raw string) {
		if cut, ok := shape.Cut(json.RawMessage(raw)); ok && !json.Valid(cut) {
			t.Errorf("%s became %s", raw, cut)
		}
	})
}
