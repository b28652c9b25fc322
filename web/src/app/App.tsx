import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useMatch } from 'react-router';
import { ApiError } from '@/api/client';
import { prepared } from '@/ui/prepared';
import { Skeleton, ViewBoundary } from '@/ui/states';
import { useOtherWindows } from '@/ui/windows';
import { NotFound } from './NotFound';
import { Shell } from './Shell';

const loadLivePage = () => import('@/features/mev/LivePage');
// The page most begin with: fetched while the shell is still being made.
if (/^\/(mev(\/opportunities\/.*)?)?$/.test(location.pathname)) void loadLivePage();
const LivePage = lazy(loadLivePage);
const LookupPage = lazy(() => import('@/features/mev/LookupPage'));
const TransactionPage = lazy(() => import('@/features/mev/TransactionPage'));
const AddressPage = lazy(() => import('@/features/mev/AddressPage'));
const MarketPage = lazy(() => import('@/features/exchange/MarketPage'));
const WorkspacePage = prepared(() => import('@/workspace/WorkspacePage'), <Skeleton rows={12} className="page-skeleton" />);
if (/^\/trade(\/|$)/.test(location.pathname)) WorkspacePage.prepare();
const ApiPage = lazy(() => import('@/features/docs/ApiPage'));
const ErrorsPage = lazy(() => import('@/features/docs/ErrorsPage'));
const AccountPage = lazy(() => import('@/features/account/AccountPage'));
const SignInPage = lazy(() => import('@/features/account/SignInPage'));
const signUp = () => import('@/features/account/SignUpPages');
const RegisterPage = lazy(() => signUp().then((m) => ({ default: m.RegisterPage })));
const AdminSignUpPage = lazy(() => signUp().then((m) => ({ default: m.AdminSignUpPage })));
const VerifyEmailPage = lazy(() => signUp().then((m) => ({ default: m.VerifyEmailPage })));
const ResetPasswordPage = lazy(() => signUp().then((m) => ({ default: m.ResetPasswordPage })));
const AdminLayout = lazy(() => import('@/features/admin/AdminLayout'));
const UsersPage = lazy(() => import('@/features/admin/UsersPage'));
const UserPage = lazy(() => import('@/features/admin/UserPage'));
const RolesPage = lazy(() => import('@/features/admin/RolesPage'));
const PlansPage = lazy(() => import('@/features/admin/PlansPage'));
const MarketsPage = lazy(() => import('@/features/admin/MarketsPage'));
const MarketSettingsPage = lazy(() => import('@/features/admin/MarketPage'));
const AuditPage = lazy(() => import('@/features/admin/AuditPage'));
const RiskPage = lazy(() => import('@/features/admin/RiskPage'));
const PortfolioPage = lazy(() => import('@/features/portfolio/PortfolioPage'));
const SystemPage = lazy(() => import('@/features/admin/SystemPage'));
const JobsPage = lazy(() => import('@/features/admin/JobsPage'));
const KeysPage = lazy(() => import('@/features/admin/KeysPage'));
const DashboardsPage = lazy(() => import('@/features/dashboards/DashboardsPage'));
const BoardPage = lazy(() => import('@/features/dashboards/BoardPage'));
const SharedBoardPage = lazy(() => import('@/features/dashboards/SharedBoardPage'));
const GovernancePage = lazy(() => import('@/features/governance/GovernancePage'));
const ProposalPage = lazy(() => import('@/features/governance/ProposalPage'));
const WalletsPage = lazy(() => import('@/features/wallets/WalletsPage'));
const ProposePage = lazy(() => import('@/features/governance/ProposePage'));
const DeveloperPage = lazy(() => import('@/features/developer/DeveloperPage'));
const StatusPage = lazy(() => import('@/features/status/StatusPage'));

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays a refusal; what is unreachable is tried again.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.isUnreachable || error.status >= 500),
      staleTime: 2000,
      refetchOnWindowFocus: false,
    },
  },
});

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <BrowserRouter>
        <Shell>
          <ViewBoundary>
            <Suspense fallback={<Skeleton rows={12} className="page-skeleton" />}>
              <Routes>
                <Route index element={<Navigate to="/mev" replace />} />
                <Route path="mev" element={<LivePage />}>
                  <Route path="opportunities/:id" element={null} />
                </Route>
                <Route path="mev/lookup" element={<LookupPage />} />
                <Route path="mev/transactions/:signature" element={<TransactionPage />} />
                <Route path="mev/wallets/:address" element={<AddressPage what="wallet" />} />
                <Route path="mev/pools/:address" element={<AddressPage what="pool" />} />
                <Route path="trade/:market?" element={null} />
                <Route path="exchange" element={<MarketPage />} />
                <Route path="exchange/:market" element={<MarketPage />} />
                <Route path="portfolio" element={<PortfolioPage />} />
                <Route path="dashboards" element={<DashboardsPage />} />
                <Route path="dashboards/:name" element={<BoardPage />} />
                <Route path="governance" element={<GovernancePage />}>
                  <Route path="new" element={<ProposePage />} />
                  <Route path=":id" element={<ProposalPage />} />
                </Route>
                <Route path="wallets/:id?" element={<WalletsPage />} />
                <Route path="shared-dashboard" element={<SharedBoardPage />} />
                <Route path="docs/api" element={<ApiPage />} />
                <Route path="docs/errors" element={<ErrorsPage />} />
                <Route path="status" element={<StatusPage />} />
                <Route path="account" element={<AccountPage />} />
                <Route path="sign-in" element={<SignInPage />} />
                <Route path="register" element={<RegisterPage />} />
                <Route path="admin-sign-up" element={<AdminSignUpPage />} />
                <Route path="verify-email" element={<VerifyEmailPage />} />
                <Route path="reset-password" element={<ResetPasswordPage />} />
                <Route path="admin" element={<AdminLayout />}>
                  <Route index element={null} />
                  <Route path="users" element={<UsersPage />} />
                  <Route path="users/:id" element={<UserPage />} />
                  <Route path="roles" element={<RolesPage />} />
                  <Route path="plans" element={<PlansPage />} />
                  <Route path="markets" element={<MarketsPage />} />
                  <Route path="markets/:symbol" element={<MarketSettingsPage />} />
                  <Route path="risk" element={<RiskPage />} />
                  <Route path="audit" element={<AuditPage />} />
                  <Route path="keys" element={<KeysPage />} />
                  <Route path="system" element={<SystemPage />} />
                  <Route path="jobs" element={<JobsPage />} />
                  <Route path="*" element={<NotFound />} />
                </Route>
                <Route path="developer" element={<DeveloperPage />}>
                  <Route path="mails/:mail" element={null} />
                </Route>
                <Route path="*" element={<NotFound />} />
              </Routes>
            </Suspense>
          </ViewBoundary>
          <Workspace />
        </Shell>
      </BrowserRouter>
    </QueryClientProvider>
  );
}

/** Stays behind other pages for as long as panels of it stand in windows of their own. */
function Workspace() {
  const match = useMatch('/trade/:market?');
  const isHere = match !== null;
  const windows = useOtherWindows();
  if (!isHere && windows.length === 0) return null;
  return (
    <div className="workspace-keep" data-away={!isHere || undefined} inert={!isHere}>
      <ViewBoundary>
        <WorkspacePage market={match?.params.market} isHere={isHere} />
      </ViewBoundary>
    </div>
  );
}
