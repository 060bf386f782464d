package webapi

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"muster/internal/sandbox/refusal"
	"muster/internal/sandbox/workspace"
)

// maxBody bounds a request; Slack's own bound is not published.
const maxBody = 4 << 20

// validate lets a request through to its handler, or says as Slack would why not.
// It checks in Slack's order: method, transport, token, scopes, rate limit,
// arguments.
func (a *API) validate(m *Method, r *http.Request) (*call, error) {
	if m.Post && r.Method != http.MethodPost {
		return nil, refusal.New("insecure_request", "invalid_post_type")
	}
	given, isJSON, err := readArguments(m, r)
	if err != nil {
		return nil, err
	}
	bearer, inHeader := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	token, _ := given["token"].(string)
	delete(given, "token")
	if inHeader {
		token = bearer
	} else if m.Token == "app" || isJSON {
		token = "" // only the header counts here
	}
	if err := a.authorize(m, token); err != nil {
		return nil, err
	}
	if err := a.admitCall(m); err != nil {
		return nil, err
	}
	args, err := m.check(given)
	if err != nil {
		return nil, err
	}
	return &call{method: m, args: args, token: token}, nil
}

// authorize checks the token's kind and the app's scopes.
func (a *API) authorize(m *Method, token string) error {
	known := token == workspace.BotToken || token == workspace.AppToken
	switch {
	case m.Token == "none":
		return nil
	case token == "":
		return refusal.New("not_authed")
	case !known:
		return refusal.New("invalid_auth")
	case (m.Token == "app") != (token == workspace.AppToken):
		return refusal.New("not_allowed_token_type")
	}
	return a.needScope(m.Scopes)
}

// needScope wants any one of scopes granted; no scopes, no need.
func (a *API) needScope(scopes []string) error {
	if len(scopes) == 0 || slices.ContainsFunc(scopes, a.ws.App.Granted) {
		return nil
	}
	return &refusal.Error{Code: "missing_scope", Extra: object{
		"needed": strings.Join(scopes, ","), "provided": strings.Join(a.ws.App.Scopes, ","),
	}}
}

// readArguments takes the arguments from the one place where they may be.
func readArguments(m *Method, r *http.Request) (given object, isJSON bool, err error) {
	if r.Method == http.MethodGet {
		q := r.URL.Query()
		q.Del("token") // never in a URL
		return flatten(q), false, nil
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	kind := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(kind)
	switch {
	case kind == "" && r.ContentLength == 0:
		return object{}, false, nil
	case kind == "":
		return nil, false, refusal.New("missing_post_type")
	case err != nil:
		return nil, false, refusal.New("invalid_post_type")
	}
	switch media {
	case "application/x-www-form-urlencoded":
		if r.ParseForm() != nil {
			return nil, false, refusal.New("invalid_form_data")
		}
		return flatten(r.PostForm), false, nil
	case "multipart/form-data":
		if r.ParseMultipartForm(maxBody) != nil { //nolint:gosec // the body is bounded above
			return nil, false, refusal.New("invalid_form_data")
		}
		return flatten(r.PostForm), false, nil
	case "application/json":
		if !m.JSON {
			return nil, true, &refusal.Error{Code: "invalid_post_type", Messages: []string{
				"[ERROR] " + m.Name + " takes form arguments only",
			}}
		}
		given, err = readJSON(r.Body)
		return given, true, err
	}
	return nil, false, refusal.New("invalid_post_type")
}

func readJSON(body io.Reader) (object, error) {
	raw, err := io.ReadAll(body)
	if err != nil {
		return nil, refusal.New("invalid_json")
	}
	if len(strings.TrimSpace(string(raw))) == 0 {
		return object{}, nil
	}
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil, refusal.New("invalid_json")
	}
	if v == nil { // clients without arguments send null
		return object{}, nil
	}
	o, ok := v.(object)
	if !ok {
		return nil, refusal.New("json_not_object")
	}
	return o, nil
}

func flatten(form map[string][]string) object {
	o := object{}
	for name, all := range form {
		o[name] = all[0]
	}
	return o
}

// check wants each argument known, present where required, and of its type.
func (m *Method) check(given object) (arguments, error) {
	var (
		args  = arguments{}
		wrong []string
		code  string // of the first argument that has one of its own
	)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch _, known := m.Args[name]; {
		case known, name == "team_id": // which Slack's own clients send with every call
		case m.Any:
			args[name] = given[name]
		default:
			wrong = append(wrong, "[ERROR] invalid additional property: "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Args)) {
		spec, v, problem := m.Args[name], given[name], ""
		if v != nil {
			v, problem = spec.read(v)
		}
		switch missing := v == nil || v == "" && !spec.Empty; {
		case problem != "" && spec.Malformed != "":
			code = cmp.Or(code, spec.Malformed)
		case problem != "":
			wrong = append(wrong, fmt.Sprintf("[ERROR] %s [json-pointer:/%s]", problem, name))
		case missing && spec.Required && spec.Missing != "":
			code = cmp.Or(code, spec.Missing)
		case missing && spec.Required:
			wrong = append(wrong, "[ERROR] missing required field: "+name)
		case (v == nil || v == 0) && spec.Default != 0:
			args[name] = spec.Default
		case v != nil:
			args[name] = v
		}
	}
	switch {
	case len(wrong) > 0:
		return nil, refusal.InvalidArguments(wrong...)
	case code != "":
		return nil, refusal.New(code)
	}
	return args, nil
}

var timestamp = regexp.MustCompile(`^\d{1,10}(\.\d{1,6})?$`)

// read brings one argument to its type, or says what is wrong with it.
func (a argument) read(v any) (any, string) {
	switch a.Type {
	case "boolean":
		b, problem := readBool(v)
		if problem == "" && len(a.Enum) > 0 && !slices.Contains(a.Enum, strconv.FormatBool(b)) {
			problem = "must be one of: " + strings.Join(a.Enum, ", ")
		}
		return b, problem
	case "number":
		return a.readNumber(v)
	case "json", "array":
		if s, ok := v.(string); ok {
			return jsonText(s), ""
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, "must be a valid JSON value"
		}
		return jsonText(raw), ""
	}
	s, ok := v.(string)
	switch {
	case !ok && a.Type == "string:users":
		return readList(v)
	case !ok:
		return nil, "must be a string"
	case a.Type == "string:timestamp":
		if s == "" || timestamp.MatchString(s) || slices.Contains(a.Enum, s) {
			return s, ""
		}
		return nil, "must be a valid timestamp"
	case a.Max > 0 && utf8.RuneCountInString(s) > a.Max:
		return nil, fmt.Sprintf("must be less than %d characters", a.Max+1)
	case s != "" && len(a.Enum) > 0 && !slices.Contains(a.Enum, s):
		return nil, "must be one of: " + strings.Join(a.Enum, ", ")
	}
	return s, ""
}

func (a argument) readNumber(v any) (any, string) {
	n, ok := v.(float64)
	if s, isText := v.(string); isText {
		i, err := strconv.Atoi(s)
		n, ok = float64(i), err == nil
	}
	switch {
	case !ok || n != math.Trunc(n) || math.Abs(n) > math.MaxInt32:
		return nil, "must be a valid integer"
	case a.Max > 0 && (n < 0 || n > float64(a.Max)):
		return nil, fmt.Sprintf("must be between 1 and %d", a.Max)
	}
	return int(n), ""
}

func readBool(v any) (b bool, problem string) {
	switch b := v.(type) {
	case bool:
		return b, ""
	case float64:
		return b != 0, ""
	case string:
		switch strings.ToLower(b) {
		case "true", "1":
			return true, ""
		case "false", "0", "":
			return false, ""
		}
	}
	return false, "must be a valid boolean"
}

// readList lets JSON callers give users as an array, as Slack does.
func readList(v any) (any, string) {
	list, ok := v.([]any)
	if !ok {
		return nil, "must be a string"
	}
	ids := make([]string, 0, len(list))
	for _, item := range list {
		id, ok := item.(string)
		if !ok {
			return nil, "must be a list of strings"
		}
		ids = append(ids, id)
	}
	return strings.Join(ids, ","), ""
}
