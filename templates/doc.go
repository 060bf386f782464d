// Package templates is what people read in Slack: the posted messages, the
// answers to a command and the forms.
//
// All words are in words/, a folder for each medium, and there one for each
// reader: whoever adds a medium adds a folder.
//
//	words/slack/channel/      messages in the incident's channel
//	words/slack/direct/       to a person who is paged
//	words/slack/announcement/ in the channel for announcements
//	words/slack/reply/        answers that only the person who asked sees
//	words/slack/form/         forms, one file a verb
//	words/slack/verbs/        how a verb is typed, what it does, its button
//	words/slack/entries.tmpl      a sentence for each kind of timeline entry
//	words/slack/rejections.tmpl   a sentence for each code of a rejection
//	…/shared.tmpl                 what the files beside and below it may use
//
// A message's file defines the parts that it has, each rendered by itself, so
// that nothing a person wrote can pass for another part:
//
//	heading  one line, shown large
//	facts    short lines, shown in two columns
//	body     what happened
//	next     what the reader can do
//	note     the small print
//	buttons  the verbs that it asks for, of which those on offer are shown
//
// The same parts give a message's blocks and its plain text, which is complete:
// screen readers and notifications use it in place of the blocks.
//
//	Incident, Notice, Audience → views → words → parts → text, blocks
//
// What templates see is views, a small one for each noun (*_view.go), whose
// facts are of the type mrkdwn. Text from people becomes mrkdwn in one function,
// which escapes it ([frame.text]); Slack's limits are met in one file, limits.go,
// by shortening and never by failing.
//
// A form is made of kinds of fields ([Form]); which ones a verb's form has stands
// in the verb's row, in package handlers.
package templates
