<?php

declare(strict_types=1);

require_once __DIR__ . '/../congvu_password/congvu_password_directory.php';
require_once __DIR__ . '/../congvu_password/congvu_password_form.php';
require_once __DIR__ . '/../congvu_password/congvu_password_reasons.php';
require_once __DIR__ . '/../congvu_password/congvu_password_seal.php';
require_once __DIR__ . '/congvu_agency_directory.php';
require_once __DIR__ . '/congvu_agency_outcome.php';
require_once __DIR__ . '/congvu_agency_page.php';
require_once __DIR__ . '/congvu_agency_session.php';

/**
 * The page of an agency's admin account: the agency's people, another password for who lost theirs, and the way back in for
 * whom wrong ones have locked out.
 *
 * The account has no mailbox. It signs in by the webmail's own form, as `admin.` and the agency's code, and the directory
 * says whether it may. All that happens afterwards is done in the directory under this account's own name: what it may do
 * is for the directory to judge, and this page has no rights to lend.
 */
class congvu_agency extends rcube_plugin
{
    public $task = 'login';

    private const ACTION = 'plugin.congvu_agency';

    #[Override]
    public function init(): void
    {
        $this->add_texts('localization/');
        $this->add_hook('authenticate', [$this, 'authenticate']);
        $this->add_hook('congvu_password_changed', [$this, 'changed']);
        $this->add_hook('startup', [$this, 'serve']);
    }

    /**
     * Let an admin in past the mail store, which knows none.
     */
    public function authenticate(array $args): array
    {
        $code = congvu_agency_session::code((string) $args['user']);
        if ($code === null || !$args['valid']) {
            return $args;
        }
        $rcmail = rcmail::get_instance();
        $password = (string) $args['pass'];
        $directory = new congvu_agency_directory($rcmail->config, $code);
        $outcome = $directory->enter($password);
        if ($outcome === congvu_agency_outcome::Done) {
            $this->begin($code, $password);
        }
        if ($outcome === congvu_agency_outcome::First) {
            $holder = ['dn' => $directory->admin(), 'uid' => congvu_agency_session::name($code), 'admin' => true];
            $rcmail->plugins->get_plugin('congvu_password')->lead($holder['uid'], $holder, $password);
        }
        $args['abort'] = true;
        $args['error'] = $outcome === congvu_agency_outcome::Unreachable ? $this->gettext('unreachable') : null;

        return $args;
    }

    /**
     * Go on to the page with a first password that was just changed.
     */
    public function changed(array $args): array
    {
        $code = congvu_agency_session::code((string) $args['user']);
        if ($code !== null) {
            $this->begin($code, (string) $args['password']);
        }

        return $args;
    }

    /**
     * Answer on the page, as long as somebody is signed in there.
     */
    public function serve(array $args): array
    {
        $rcmail = rcmail::get_instance();
        if ($args['action'] !== self::ACTION) {
            return $args;
        }
        $args['action'] = '';
        $session = congvu_agency_session::resume();
        $directory = $session === null ? null : new congvu_agency_directory($rcmail->config, $session->code);
        if ($directory === null || $directory->enter($session->password) !== congvu_agency_outcome::Done) {
            congvu_agency_session::end();
            $rcmail->output->show_message($this->gettext('expired'), 'warning');

            return $args;
        }
        $page = new congvu_agency_page($this->gettext(...), $directory, $session->code);
        if ($_SERVER['REQUEST_METHOD'] === 'POST') {
            if ($rcmail->check_request()) {
                $this->obey($directory, $session, $page);
            }
            else {
                http_response_code(403);
                $page->warn('forged');
            }
        }
        $this->send($page->people());

        return $args;
    }

    /**
     * Do what one of the page's buttons asks for.
     */
    private function obey(congvu_agency_directory $directory, congvu_agency_session $session, congvu_agency_page $page): void
    {
        $asked = rcube_utils::get_input_string('_do', rcube_utils::INPUT_POST);
        $dn = rcube_utils::get_input_string('_dn', rcube_utils::INPUT_POST, true);
        if ($asked === 'leave') {
            congvu_agency_session::end();
            rcmail::get_instance()->output->redirect(['_task' => 'login'], 0);
        }
        if ($asked === 'reset') {
            $was = rcube_utils::get_input_string('_was', rcube_utils::INPUT_POST);
            $password = congvu_agency_directory::password();
            $outcome = $directory->reset($dn, $was, $password);
            $this->note($session, $outcome, 'password', $dn);
            if ($outcome === congvu_agency_outcome::Done) {
                $this->send($page->slip($directory->person($dn), $password));
            }
            $page->warn("reset_{$outcome->value}");
        }
        if ($asked === 'unlock') {
            $outcome = $directory->unlock($dn);
            $this->note($session, $outcome, 'lock', $dn);
            $page->warn("unlock_{$outcome->value}", $outcome === congvu_agency_outcome::Done);
        }
        if ($asked === 'own') {
            $this->own($page);
        }
        if ($asked === 'change') {
            $this->change($directory, $session, $page);
        }
    }

    /**
     * Set another password of the admin's own. The directory checks the present one, and counts wrong ones.
     */
    private function change(congvu_agency_directory $directory, congvu_agency_session $session, congvu_agency_page $page): void
    {
        [$present, $new, $again] = array_map(
            static fn (string $name): string => rcube_utils::get_input_string($name, rcube_utils::INPUT_POST, true),
            ['_curpasswd', '_newpasswd', '_confpasswd']
        );
        $holder = ['dn' => $directory->admin(), 'uid' => congvu_agency_session::name($session->code)];
        $policy = new congvu_password_directory(rcmail::get_instance()->config);
        $reason = $new === $again ? $policy->change($holder, $present, $new) : ['differ'];
        if ($reason !== null) {
            $words = rcmail::get_instance()->plugins->get_plugin('congvu_password')->gettext(...);
            $this->own($page, congvu_password_reasons::told($words, $reason));
        }
        $this->note($session, congvu_agency_outcome::Done, 'password', $holder['dn']);
        congvu_agency_session::begin($session->code, $new);
        $page->warn('own_done', true);
    }

    /**
     * Show the form for that, and end.
     */
    private function own(congvu_agency_page $page, string $refusal = ''): never
    {
        $rcmail = rcmail::get_instance();
        $passwords = $rcmail->plugins->get_plugin('congvu_password');
        $passwords->include_script('congvu_password.js');
        $passwords->include_stylesheet($passwords->local_skin_path() . '/congvu_password.css');
        $rules = (new congvu_password_directory($rcmail->config))->rules();
        $this->send($page->own(new congvu_password_form($passwords->gettext(...)), $rules, $refusal));
    }

    private function begin(string $code, string $password): void
    {
        $rcmail = rcmail::get_instance();
        congvu_agency_session::begin($code, $password);
        rcube::write_log('userlogins', sprintf(
            'Successful login for %s from %s in session %s',
            congvu_agency_session::name($code), rcube_utils::remote_ip(), substr(session_id(), 0, 16)
        ));
        $rcmail->output->redirect(['_task' => 'login', '_action' => self::ACTION], 0);
    }

    /**
     * Note who did what to whom. The directory's accesslog has it too, and not from where.
     */
    private function note(congvu_agency_session $session, congvu_agency_outcome $outcome, string $what, string $dn): void
    {
        rcube::write_log('congvu_agency', sprintf(
            '%s: %s of %s: %s, from %s',
            congvu_agency_session::name($session->code), $what, preg_replace('/[^\x20-\x7e]/', '?', $dn), $outcome->value,
            rcube_utils::remote_ip()
        ));
    }

    /**
     * Show a page, and end.
     */
    private function send(string $content): never
    {
        $output = rcmail::get_instance()->output;
        $this->register_handler('plugin.agency', static fn (): string => $content);
        $this->include_script('congvu_agency.js');
        $this->include_stylesheet($this->local_skin_path() . '/congvu_agency.css');
        $output->set_pagetitle($this->gettext('title'));
        $output->send('congvu_agency.agency');
        exit;
    }
}
