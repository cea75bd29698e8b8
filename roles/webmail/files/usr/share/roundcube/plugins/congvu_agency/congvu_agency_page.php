<?php

declare(strict_types=1);

/**
 * The pages of an agency's admin: the people, the slip with a password that was just set, and the admin's own password.
 */
class congvu_agency_page
{
    private string $notice = '';

    /**
     * @param Closure $text gives a label's text
     */
    public function __construct(
        private readonly Closure $text,
        private readonly congvu_agency_directory $directory,
        private readonly string $code,
    ) {
    }

    /**
     * Say something above the list.
     */
    public function warn(string $label, bool $good = false): void
    {
        $kind = $good ? 'boxconfirmation' : 'boxwarning';
        $this->notice = html::div(['class' => $kind, 'role' => 'alert'], $this->say($label));
    }

    /**
     * List the people, each with what can be done.
     */
    public function people(): string
    {
        $rows = '';
        foreach ($this->directory->people() as $person) {
            $rows .= $this->row($person);
        }
        $head = '';
        foreach (['name', 'unit', 'address', 'state', 'work'] as $column) {
            $head .= html::tag('th', ['scope' => 'col'], $this->say($column));
        }
        $table = html::tag('table', ['id' => 'congvu-people', 'class' => 'table'],
            html::tag('thead', null, html::tag('tr', null, $head)) . html::tag('tbody', null, $rows));

        return $this->head() . $this->notice . $this->search() . $table
            . html::tag('p', ['id' => 'congvu-nobody', 'hidden' => 'hidden'], $this->say('nobody'));
    }

    /**
     * Show a password, once, to be printed.
     */
    public function slip(array $person, #[SensitiveParameter] string $password): string
    {
        $facts = '';
        $rows = ['name' => "{$person['name']}, {$person['title']}", 'agency' => $this->directory->agency(),
            'address' => $person['mail'], 'webmail' => (string) rcmail::get_instance()->config->get('congvu_agency_webmail')];
        foreach ($rows as $label => $value) {
            $facts .= html::tag('tr', null, html::tag('th', ['scope' => 'row'], $this->say($label))
                . html::tag('td', null, rcube::Q($value)));
        }
        $steps = '';
        foreach (['step_open', 'step_change', 'step_programs', 'step_destroy'] as $step) {
            $steps .= html::tag('li', null, $this->say($step));
        }
        $print = html::tag('button', ['type' => 'button', 'id' => 'congvu-print', 'class' => 'btn btn-primary'], $this->say('print'));

        return html::div('boxwarning congvu-screen', $this->say('once'))
            . html::tag('article', ['id' => 'congvu-slip'],
                html::tag('h2', null, $this->say('slip'))
                . html::tag('table', null, html::tag('tbody', null, $facts))
                . html::tag('h3', null, $this->say('first_sign_in')) . html::tag('ol', null, $steps)
                . html::p('congvu-label', $this->say('password'))
                . html::p(['id' => 'congvu-password'], rcube::Q($password))
                . html::p('congvu-advice', $this->say('advice')))
            . html::p('formbuttons congvu-screen', "{$print} {$this->back('back')}");
    }

    /**
     * Ask for another password of the admin's own.
     *
     * @param congvu_password_form $form  whose fields and rules are those of any change
     * @param array                $rules as `congvu_password_directory` reads them
     */
    public function own(congvu_password_form $form, array $rules, string $refusal = ''): string
    {
        $save = html::tag('button', ['type' => 'submit', 'class' => 'btn btn-primary'], $this->say('own_save'));
        $fields = html::tag('h2', null, $this->say('own'))
            . ($refusal === '' ? '' : html::div(['class' => 'boxwarning', 'role' => 'alert'], rcube::Q($refusal)))
            . $form->present()
            . $form->wanted($rules, congvu_agency_session::name($this->code), false)
            . html::p('formbuttons', $save . ' ' . $this->back('own_back'));

        return html::div(['id' => 'congvu-own'], $this->form('change', $fields));
    }

    private function head(): string
    {
        $own = $this->form('own', html::tag('button', ['type' => 'submit', 'class' => 'btn btn-secondary'], $this->say('own')));
        $leave = $this->form('leave', html::tag('button', ['type' => 'submit', 'class' => 'btn btn-secondary'], $this->say('leave')));

        return html::tag('header', ['class' => 'congvu-head'],
            html::tag('h2', null, $this->say('people_of', ['agency' => $this->directory->agency()]))
            . html::span(null, $this->say('signed_in_as', ['name' => congvu_agency_session::name($this->code)]))
            . $own . $leave);
    }

    private function search(): string
    {
        $given = ['type' => 'search', 'id' => 'congvu-search', 'class' => 'form-control', 'autocomplete' => 'off',
            'placeholder' => $this->plain('search'), 'aria-label' => $this->plain('search'), 'aria-controls' => 'congvu-people'];

        return html::tag('input', $given);
    }

    private function row(array $person): string
    {
        $cells = [
            html::tag('b', null, rcube::Q($person['name'])) . html::div(null, rcube::Q($person['title'])),
            rcube::Q($person['unit']),
            rcube::Q($person['mail']),
            $this->state($person),
            $this->work($person),
        ];

        return html::tag('tr', null, implode('', array_map(static fn (string $cell): string => html::tag('td', null, $cell), $cells)));
    }

    private function state(array $person): string
    {
        $told = '';
        if ($person['lock'] !== null) {
            $label = $person['lock'] > 0 ? 'state_locked' : 'state_sealed';
            $told .= html::div('congvu-locked', $this->say($label, ['minutes' => (string) $person['lock']]));
        }
        if ($person['first']) {
            $told .= html::div('congvu-first', $this->say('state_first'));
        }

        return $told ?: html::div(null, $this->say('state_active'));
    }

    private function work(array $person): string
    {
        $asked = html::p(null, $this->say('sure', ['name' => $person['name']]))
            . $this->button('reset', 'btn-danger', 'sure_reset', $person);
        // A lock without end waits for another password.
        $unlock = (int) $person['lock'] > 0 ? $this->button('unlock', 'btn-secondary', 'unlock', $person) : '';

        return html::tag('details', null, html::tag('summary', ['class' => 'btn btn-secondary'], $this->say('reset')) . $asked) . $unlock;
    }

    private function button(string $do, string $class, string $label, array $person): string
    {
        return $this->form($do, html::tag('button', ['type' => 'submit', 'class' => "btn {$class}"], $this->say($label)), [
            '_dn' => $person['dn'],
            '_was' => $person['was'],
        ]);
    }

    private function back(string $label): string
    {
        return html::a(['href' => './?_task=login&_action=plugin.congvu_agency', 'class' => 'btn btn-secondary'], $this->say($label));
    }

    private function form(string $do, string $content, array $hidden = []): string
    {
        $fields = new html_hiddenfield(['name' => '_do', 'value' => $do]);
        foreach ($hidden as $name => $value) {
            $fields->add(['name' => $name, 'value' => $value]);
        }

        return rcmail::get_instance()->output->form_tag(
            ['method' => 'post', 'action' => './?_task=login&_action=plugin.congvu_agency'],
            $fields->show() . $content
        );
    }

    private function say(string $label, array $facts = []): string
    {
        return rcube::Q($this->plain($label, $facts));
    }

    private function plain(string $label, array $facts = []): string
    {
        return ($this->text)(['name' => $label, 'vars' => $facts]);
    }
}
